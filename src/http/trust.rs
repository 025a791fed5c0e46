//! Which certificates of https targets are trusted.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use crate::domain::explain::Explain;

/// Which certificates are trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// None, because no target is reached over TLS.
    Unneeded,
    /// Those of the operating system, and one more authority where it is given.
    System(Option<PathBuf>),
    /// Any.
    Anything,
}

/// Why an authority cannot be trusted.
#[derive(Debug, thiserror::Error)]
#[error("cannot read a certificate from `{}`: {reason}", path.display())]
pub(crate) struct TrustError {
    path: PathBuf,
    reason: String,
}

impl Explain for TrustError {
    fn code(&self) -> &'static str {
        "ca-unreadable"
    }

    fn hints(&self) -> Vec<String> {
        vec!["`--ca` takes a PEM file that begins with `-----BEGIN CERTIFICATE-----`".into()]
    }
}

/// The TLS settings of a client with this trust.
pub(super) fn config(trust: &Trust) -> Result<ClientConfig, TrustError> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .expect("ring supports TLS 1.2 and 1.3");
    let mut roots = RootCertStore::empty();
    if matches!(trust, Trust::System(_)) {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    let verifier: Arc<dyn ServerCertVerifier> = match trust {
        Trust::Unneeded | Trust::System(None) => {
            return Ok(builder.with_root_certificates(roots).with_no_client_auth());
        }
        Trust::System(Some(path)) => Arc::new(AcceptNamed::new(path, roots, provider)?),
        Trust::Anything => Arc::new(AcceptAnything(provider)),
    };
    Ok(builder
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth())
}

/// What failed of TLS, in words: those of rustls are for whoever writes a server.
pub(super) fn words(error: &rustls::Error) -> String {
    use rustls::CertificateError as Certificate;
    use rustls::Error;
    let certificate = match error {
        Error::InvalidCertificate(certificate) => certificate,
        Error::NoCertificatesPresented => return "it has no certificate".into(),
        Error::AlertReceived(_) => return "it ended the handshake".into(),
        Error::PeerIncompatible(_) => return "it offers nothing that is safe".into(),
        _ => return "it does not follow the protocol".into(),
    };
    match certificate {
        Certificate::UnknownIssuer => "nobody who is trusted vouches for its certificate",
        Certificate::Expired | Certificate::ExpiredContext { .. } => "its certificate has expired",
        Certificate::NotValidYet | Certificate::NotValidYetContext { .. } => {
            "its certificate is not valid yet"
        }
        Certificate::NotValidForName => "its certificate is for another host",
        Certificate::NotValidForNameContext { expected, .. } => {
            return format!("its certificate is not for `{}`", expected.to_str());
        }
        Certificate::InvalidPurpose | Certificate::InvalidPurposeContext { .. } => {
            "its certificate is not for servers"
        }
        Certificate::Revoked => "its certificate was revoked",
        _ => "its certificate cannot be accepted",
    }
    .into()
}

/// For `--ca`: takes what an authority vouches for, and the very certificate that was named.
///
/// A certificate made by `openssl req -x509` is an authority's that a server shows as its own, which no chain may end
/// with; but who names it means it. Its name is checked all the same.
#[derive(Debug)]
struct AcceptNamed {
    named: Vec<CertificateDer<'static>>,
    chains: Arc<WebPkiServerVerifier>,
}

impl AcceptNamed {
    fn new(
        path: &Path,
        mut roots: RootCertStore,
        provider: Arc<CryptoProvider>,
    ) -> Result<Self, TrustError> {
        let fail = |reason: String| TrustError {
            path: path.to_owned(),
            reason,
        };
        let named = CertificateDer::pem_file_iter(path)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| fail(error.to_string()))?;
        if named.is_empty() {
            return Err(fail("there is none in it".into()));
        }
        for certificate in &named {
            roots
                .add(certificate.clone())
                .map_err(|error| fail(words(&error)))?;
        }
        let chains = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .map_err(|error| fail(error.to_string()))?;
        Ok(Self { named, chains })
    }
}

impl ServerCertVerifier for AcceptNamed {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if self.named.contains(end_entity) {
            verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
            return Ok(ServerCertVerified::assertion());
        }
        self.chains
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.chains
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.chains
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.chains.supported_verify_schemes()
    }
}

/// For `--insecure`: takes any certificate, but the peer must still own its key.
#[derive(Debug)]
struct AcceptAnything(Arc<CryptoProvider>);

impl ServerCertVerifier for AcceptAnything {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
