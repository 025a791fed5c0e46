//! Reads the program's source: its modules, the paths that they name, and how long they are.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMod, ItemUse, Macro, UseTree};

/// A module of the program, without its tests.
pub(super) struct Module {
    /// Its path below the crate's root, such as `["domain", "reply"]`.
    pub(super) path: Vec<String>,
    /// Its file, relative to the package.
    pub(super) file: PathBuf,
    pub(super) source: String,
    pub(super) syntax: syn::File,
}

/// A path that a module names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) line: usize,
    /// From the root: it begins with `crate`, or with another crate's name.
    pub(super) path: Vec<String>,
}

impl Module {
    pub(super) fn parse(path: Vec<String>, file: impl Into<PathBuf>, source: String) -> Self {
        let file = file.into();
        let syntax =
            syn::parse_file(&source).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        Self {
            path,
            file,
            source,
            syntax,
        }
    }

    /// Every path that the module names outside its tests, from the root.
    pub(super) fn named(&self) -> Vec<Named> {
        let mut names = Names {
            module: self.path.clone(),
            ..Names::default()
        };
        names.visit_file(&self.syntax);
        names.resolve()
    }

    /// The lines that hold code, without tests, comments and blank lines.
    pub(super) fn code_lines(&self) -> usize {
        let lines: Vec<&str> = self.source.lines().map(str::trim).collect();
        self.syntax
            .items
            .iter()
            .filter(|item| !is_test(item))
            .flat_map(|item| {
                let span = item.span();
                &lines[span.start().line - 1..span.end().line]
            })
            .filter(|line| !line.is_empty() && !line.starts_with("//"))
            .count()
    }
}

/// The modules of the program, found as the compiler finds them, so that files which only tests use are not among them.
pub(super) fn modules() -> Vec<Module> {
    let mut modules = vec![read(vec!["main".into()], "src/main.rs")];
    let mut roots = vec![read(Vec::new(), "src/lib.rs")];
    while let Some(module) = roots.pop() {
        for item in &module.syntax.items {
            if let Item::Mod(ItemMod {
                ident,
                content: None,
                ..
            }) = item
                && !is_test(item)
            {
                let path = [module.path.as_slice(), &[ident.to_string()]].concat();
                let stem = format!("src/{}", path.join("/"));
                let file = [format!("{stem}.rs"), format!("{stem}/mod.rs")]
                    .into_iter()
                    .find(|file| package().join(file).exists());
                roots.push(read(path, &file.expect("a module has a file")));
            }
        }
        modules.push(module);
    }
    modules
}

fn read(path: Vec<String>, file: &str) -> Module {
    let source = fs::read_to_string(package().join(file)).expect("a module's file is readable");
    Module::parse(path, file, source)
}

/// The folder of the package.
pub(super) fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn is_test(item: &Item) -> bool {
    let attributes: &[Attribute] = match item {
        Item::Const(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    };
    attributes.iter().any(|attribute| {
        let is_cfg = attribute.path().is_ident("cfg");
        is_cfg
            && attribute
                .parse_args::<syn::Path>()
                .is_ok_and(|path| path.is_ident("test"))
    })
}

/// Collects paths as they are written.
#[derive(Default)]
struct Names {
    module: Vec<String>,
    found: Vec<Named>,
    /// The names that a `use` or a `mod` of this file defines, and what they stand for.
    defined: HashMap<String, Vec<String>>,
}

impl Names {
    /// The paths that lead somewhere, from the root. Those that begin with a name of this file's own lead nowhere.
    fn resolve(self) -> Vec<Named> {
        let resolved = self.found.iter().map(|named| Named {
            line: named.line,
            path: self.absolute(&named.path),
        });
        resolved.collect()
    }

    fn absolute(&self, path: &[String]) -> Vec<String> {
        let ups = path.iter().take_while(|name| *name == "super").count();
        match path {
            [first, rest @ ..] if first == "syncfy_hooks" => [&["crate".to_owned()], rest].concat(),
            [first, ..] if first == "self" || first == "super" => {
                let base = &self.module[..self.module.len().saturating_sub(ups)];
                [&["crate".to_owned()], base, &path[ups.max(1)..]].concat()
            }
            [first, rest @ ..] if let Some(meaning) = self.defined.get(first) => {
                [self.absolute(meaning), rest.to_owned()].concat()
            }
            _ => path.to_owned(),
        }
    }

    fn define(&mut self, name: &str, meaning: &[String]) {
        // `use self::outlet::Outlet` says nothing new about `self`; a crate that is named alone stands for itself.
        if meaning.first().is_some_and(|first| first != name) {
            self.defined.insert(name.to_owned(), meaning.to_owned());
        }
    }

    /// Adds the paths of a `use`, each from its beginning.
    fn tree(&mut self, before: &[String], tree: &UseTree) {
        let line = tree.span().start().line;
        let with = |name: String| [before, &[name]].concat();
        match tree {
            UseTree::Path(path) => self.tree(&with(path.ident.to_string()), &path.tree),
            UseTree::Group(group) => group.items.iter().for_each(|item| self.tree(before, item)),
            UseTree::Glob(_) => self.add(line, before.to_owned()),
            UseTree::Name(name) if name.ident == "self" => self.alias(line, before, before.last()),
            UseTree::Name(name) => self.alias(line, &with(name.ident.to_string()), None),
            UseTree::Rename(rename) => {
                let name = Some(rename.rename.to_string());
                self.alias(line, &with(rename.ident.to_string()), name.as_ref());
            }
        }
    }

    /// Adds the path of a `use`, and the name that it gives to it.
    fn alias(&mut self, line: usize, path: &[String], name: Option<&String>) {
        if let Some(name) = name.or(path.last()) {
            self.define(name, path);
        }
        self.add(line, path.to_owned());
    }

    fn add(&mut self, line: usize, path: Vec<String>) {
        self.found.push(Named { line, path });
    }

    /// Adds what looks like a path in the tokens of a macro.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let (mut line, mut colons) = (0, 0);
        let mut ended = Vec::new();
        for token in tokens {
            match &token {
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        ended.push((line, std::mem::take(&mut path)));
                        line = name.span().start().line;
                    }
                    path.push(name.to_string());
                    colons = 0;
                    continue;
                }
                TokenTree::Punct(mark) if mark.as_char() == ':' => {
                    colons += 1;
                    continue;
                }
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
            ended.push((line, std::mem::take(&mut path)));
            colons = 0;
        }
        ended.push((line, path));
        for (line, path) in ended {
            if path.len() > 1 {
                self.add(line, path);
            }
        }
    }
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_test(item) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        assert!(
            item.content.is_none(),
            "only tests are modules within a file"
        );
        let name = item.ident.to_string();
        self.define(&name, &["self".to_owned(), name.clone()]);
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path
            .segments
            .iter()
            .map(|part| part.ident.to_string())
            .collect();
        if names.len() > 1 {
            self.add(path.span().start().line, names);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast Macro) {
        visit::visit_macro(self, item);
        self.tokens(item.tokens.clone());
    }
}
