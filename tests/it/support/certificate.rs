//! Certificates for targets that speak TLS.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;

/// A certificate that signed itself.
pub(crate) struct Certificate {
    pem: String,
    pub(super) config: Arc<ServerConfig>,
}

impl Certificate {
    /// For a host of this name.
    pub(crate) fn of(name: &str) -> Self {
        let made = rcgen::generate_simple_self_signed([name.to_owned()])
            .expect("the name can stand in a certificate");
        let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring supports TLS 1.2 and 1.3")
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .expect("the key is that of the certificate");
        Self {
            pem: made.cert.pem(),
            config: Arc::new(config),
        }
    }

    /// The certificate as a PEM file.
    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }
}
