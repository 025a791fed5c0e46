//! Certificates for targets that speak TLS.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};
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
        Self::made(name, IsCa::NoCa)
    }

    /// The same, of an authority, as `openssl req -x509` makes it.
    pub(crate) fn of_authority(name: &str) -> Self {
        Self::made(name, IsCa::Ca(BasicConstraints::Unconstrained))
    }

    fn made(name: &str, is_ca: IsCa) -> Self {
        let mut params =
            CertificateParams::new([name.to_owned()]).expect("the name can stand in a certificate");
        params.is_ca = is_ca;
        let key = KeyPair::generate().expect("there is randomness");
        let cert = params.self_signed(&key).expect("the key can sign");
        let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring supports TLS 1.2 and 1.3")
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .expect("the key is that of the certificate");
        Self {
            pem: cert.pem(),
            config: Arc::new(config),
        }
    }

    /// The certificate as a PEM file.
    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }
}
