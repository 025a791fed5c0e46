//! Logging in to an SSH server, by whatever it lets in: anybody, the keys of the agent, keys from files.

use russh::client::{AuthResult, Handle, KeyboardInteractiveAuthResponse};
use russh::keys::agent::AgentIdentity;
use russh::keys::agent::client::{AgentClient, AgentStream};
use russh::keys::{HashAlg, PrivateKeyWithHashAlg, PublicKey};
use russh::{MethodKind, MethodSet};

use super::client::{Client, Trouble};
use super::identity::{Half, Identity};
use super::{Session, connection_failure};
use crate::tunnel::Failure;

type Agent = AgentClient<Box<dyn AgentStream + Send + Unpin>>;

/// What has been tried.
struct Login<'a> {
    session: &'a Session,
    handle: &'a mut Handle<Client>,
    tried: Vec<String>,
    /// What the server would still take.
    open: MethodSet,
}

/// Logs in, and says with what.
///
/// # Errors
///
/// When the server takes nothing of what there is.
pub(super) async fn log_in(
    session: &Session,
    handle: &mut Handle<Client>,
) -> Result<String, Failure> {
    let mut login = Login {
        session,
        handle,
        tried: Vec::new(),
        open: MethodSet::empty(),
    };
    if login.with_nothing().await? {
        return Ok("without a key".into());
    }
    if let Some(key) = login.with_agent().await? {
        return Ok(key);
    }
    if let Some(key) = login.with_files().await? {
        return Ok(key);
    }
    if login.without_questions().await? {
        return Ok("without a key".into());
    }
    Err(login.refused())
}

impl Login<'_> {
    /// As `ssh` does first: services let anybody in.
    async fn with_nothing(&mut self) -> Result<bool, Failure> {
        let result = self.handle.authenticate_none(&self.session.user).await;
        self.takes(result)
    }

    async fn with_agent(&mut self) -> Result<Option<String>, Failure> {
        let Some(mut agent) = self.connect_to_agent().await else {
            return Ok(None);
        };
        // An agent that does not answer is as good as none.
        let identities = agent.request_identities().await.unwrap_or_default();
        for identity in identities {
            let AgentIdentity::PublicKey { key, comment } = identity else {
                continue;
            };
            if !self.session.wants(&key) || !self.takes_keys() {
                continue;
            }
            let hash = self.hash(&key).await;
            let signed = self
                .handle
                .authenticate_publickey_with(&self.session.user, key, hash, &mut agent)
                .await;
            self.tried.push(format!("`{comment}` of the agent"));
            // An agent may decline to sign.
            if let Ok(result) = signed
                && self.takes(Ok(result))?
            {
                return Ok(Some(format!("with the key `{comment}` of the agent")));
            }
        }
        Ok(None)
    }

    async fn with_files(&mut self) -> Result<Option<String>, Failure> {
        for Identity { path, half } in &self.session.identities {
            let Half::Private(key) = half else {
                continue;
            };
            if !self.takes_keys() {
                break;
            }
            let hash = self.hash(key.public_key()).await;
            let key = PrivateKeyWithHashAlg::new(key.clone(), hash);
            let result = self
                .handle
                .authenticate_publickey(&self.session.user, key)
                .await;
            self.tried.push(format!("`{}`", path.display()));
            if self.takes(result)? {
                return Ok(Some(format!("with the key `{}`", path.display())));
            }
        }
        Ok(None)
    }

    /// Some services let in whoever takes a conversation without questions.
    async fn without_questions(&mut self) -> Result<bool, Failure> {
        if !self.open.contains(&MethodKind::KeyboardInteractive) {
            return Ok(false);
        }
        let begun = self
            .handle
            .authenticate_keyboard_interactive_start(&self.session.user, None)
            .await;
        let mut answer = begun.map_err(|error| self.broken(error.into()))?;
        while let KeyboardInteractiveAuthResponse::InfoRequest { prompts, .. } = answer {
            if !prompts.is_empty() {
                return Ok(false);
            }
            let next = self
                .handle
                .authenticate_keyboard_interactive_respond(Vec::new())
                .await;
            answer = next.map_err(|error| self.broken(error.into()))?;
        }
        Ok(matches!(answer, KeyboardInteractiveAuthResponse::Success))
    }

    #[cfg(unix)]
    async fn connect_to_agent(&self) -> Option<Agent> {
        let socket = self.session.agent.as_ref()?;
        AgentClient::connect_uds(socket)
            .await
            .ok()
            .map(AgentClient::dynamic)
    }

    #[cfg(windows)]
    async fn connect_to_agent(&self) -> Option<Agent> {
        /// Where the agent of OpenSSH for Windows listens.
        const PIPE: &str = r"\\.\pipe\openssh-ssh-agent";
        let pipe = self
            .session
            .agent
            .as_ref()
            .map_or(PIPE.as_ref(), |path| path.as_os_str());
        AgentClient::connect_named_pipe(pipe)
            .await
            .ok()
            .map(AgentClient::dynamic)
    }

    /// RSA keys sign with the best hash that the server knows.
    async fn hash(&self, key: &PublicKey) -> Option<HashAlg> {
        if !key.algorithm().is_rsa() {
            return None;
        }
        let best = self.handle.best_supported_rsa_hash().await;
        best.ok().flatten().unwrap_or(Some(HashAlg::Sha512))
    }

    fn takes_keys(&self) -> bool {
        self.open.contains(&MethodKind::PublicKey) && !self.handle.is_closed()
    }

    /// Whether the server lets us in; else what it would still take.
    fn takes(&mut self, result: Result<AuthResult, russh::Error>) -> Result<bool, Failure> {
        match result.map_err(|error| self.broken(error.into()))? {
            AuthResult::Success => Ok(true),
            AuthResult::Failure {
                remaining_methods, ..
            } => {
                self.open = remaining_methods;
                Ok(false)
            }
        }
    }

    fn broken(&self, trouble: Trouble) -> Failure {
        connection_failure(&self.session.server, trouble)
    }

    fn refused(&self) -> Failure {
        let (server, user) = (&self.session.server, &self.session.user);
        let tried = match self.tried.as_slice() {
            [] => "there was no key to try".to_owned(),
            tried => format!("it took none of {}", tried.join(", ")),
        };
        let message = format!("the SSH server `{server}` does not let `{user}` in: {tried}");
        let failure = Failure::new("tunnel-login-failed", message)
            .hint("name a key that it knows with `--tunnel-identity FILE`, or add it to the agent with `ssh-add FILE`");
        if self.handle.is_closed() && self.tried.len() > 1 {
            return failure
                .hint("it has closed the connection meanwhile: too many keys may have been tried");
        }
        failure
    }
}
