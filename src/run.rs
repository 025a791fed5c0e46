//! The whole program: reads the command line, opens the output, does what was asked, and renders an error once.

use crate::cli::{
    self, Cli, Command, Early, HistoryCommand, KeyCommand, StyledStr, Triggering, Verifying,
};
use crate::commands::{self, Context};
use crate::exit::ExitStatus;
use crate::report::Report;
use crate::ui::{Format, Streams, Ui};
use crate::world::World;

/// Runs the program in these surroundings.
#[must_use]
pub fn run(world: &World, streams: Streams) -> ExitStatus {
    let cli = match cli::parse(world) {
        Ok(cli) => cli,
        Err(early) => return end_early(early, world, streams),
    };
    let ui = Ui::new(cli.global.output(&world.env, &streams), streams);
    let mut context = Context {
        ui,
        clock: world.clock,
    };
    let result = dispatch(cli, world, &mut context).and_then(|status| {
        context.ui.flush()?;
        Ok(status)
    });
    result.unwrap_or_else(|report| render(&cli::veiled(report, world), &mut context.ui))
}

fn dispatch(cli: Cli, world: &World, context: &mut Context) -> Result<ExitStatus, Report> {
    match cli.command {
        Command::Listen(args) => commands::listen::run(args.resolve(world)?, context),
        Command::Replay(args) => commands::replay::run(args.resolve(world)?, context),
        Command::Trigger(args) => match args.resolve(&world.env)? {
            Triggering::List => commands::trigger::list(context),
            Triggering::Make(options) => commands::trigger::run(*options, context),
        },
        Command::Sign(args) => commands::sign::run(args.resolve(world)?, context),
        Command::Verify(args) => match args.resolve(world)? {
            Verifying::Here(options) => commands::verify::run(*options, context),
            Verifying::InAnApp(options) => commands::snippet::run(options, context),
        },
        Command::Key(KeyCommand::New(args)) => commands::key::generate(&args.resolve(), context),
        Command::Key(KeyCommand::Show(args)) => {
            commands::key::show(args.resolve(&world.env), context)
        }
        Command::Validate(args) => commands::validate::run(args.resolve(world)?, context),
        Command::Harden(args) => commands::harden::run(args.resolve(&world.env)?, context),
        Command::Doctor(args) => commands::doctor::run(args.resolve(world)?, context),
        Command::History(command) => history(command, world, context),
        Command::Schema(args) => commands::schema::run(args.resolve()?, context),
        Command::Completions(args) => {
            context.ui.data(&args.script())?;
            Ok(ExitStatus::Yes)
        }
        Command::Man(args) => {
            let options = args
                .resolve()
                .map_err(|error| Report::new("man-failed", error.to_string()))?;
            commands::man::run(&options)
        }
    }
}

fn history(
    command: HistoryCommand,
    world: &World,
    context: &mut Context,
) -> Result<ExitStatus, Report> {
    match command {
        HistoryCommand::List(args) => commands::history::list::run(&args.resolve(world)?, context),
        HistoryCommand::Show(args) => commands::history::show::run(&args.resolve()?, context),
        HistoryCommand::Export(args) => {
            commands::history::export::run(&args.resolve(world)?, context)
        }
        HistoryCommand::Prune(args) => commands::history::prune::run(&args.resolve()?, context),
    }
}

fn end_early(early: Early, world: &World, streams: Streams) -> ExitStatus {
    let output = cli::output_before_parsing(world, &streams);
    let text = |text: StyledStr, colored| {
        if colored {
            text.ansi().to_string()
        } else {
            text.to_string()
        }
    };
    let mut ui = Ui::new(output, streams);
    match early {
        Early::Print(help) => {
            let printed = ui
                .data(text(help, output.color_stdout).as_bytes())
                .and_then(|()| ui.flush());
            printed.map_or_else(|error| render(&error.into(), &mut ui), |()| ExitStatus::Yes)
        }
        Early::Help(_) if output.format == Format::Json => {
            let report = Report::new("usage", "no command was given").hint("try `--help`");
            render(&report, &mut ui)
        }
        Early::Help(help) => {
            ui.note(&text(help, output.color_stderr));
            ExitStatus::CouldNot
        }
        Early::Usage(report) => render(&cli::veiled(report, world), &mut ui),
    }
}

/// Tells the user why, and gives the status that goes with it.
fn render(report: &Report, ui: &mut Ui) -> ExitStatus {
    ui.error(report);
    // What cannot be written is no worse than what went wrong already.
    let _ = ui.end_report().and_then(|()| ui.flush());
    ExitStatus::CouldNot
}
