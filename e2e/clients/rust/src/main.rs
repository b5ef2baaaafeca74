//! Calls a Kappa with requests that AWS's signer for Rust signs, as ClientsIT asks it to.

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{sign, SignableBody, SignableRequest, SigningSettings};
use aws_sigv4::sign::v4;
use std::env::var;
use std::time::SystemTime;

/// Sends a signed POST and returns its status and its error's type.
fn post(path: &str, secret: &str, body: &str) -> (u16, String) {
    let url = format!("{}{}", var("AWS_ENDPOINT_URL_LAMBDA").unwrap().trim_end_matches('/'), path);
    let identity = Credentials::new(var("AWS_ACCESS_KEY_ID").unwrap(), secret, None, None, "clients").into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region("us-east-1")
        .name("lambda")
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()
        .unwrap()
        .into();
    let signable = SignableRequest::new("POST", url.as_str(), std::iter::empty(), SignableBody::Bytes(body.as_bytes())).unwrap();
    let (instructions, _) = sign(signable, &params).unwrap().into_parts();
    let mut signed = http::Request::builder().method("POST").uri(&url).body(()).unwrap();
    instructions.apply_to_request_http1x(&mut signed);
    let mut request = ureq::post(&url);
    for (name, value) in signed.headers() {
        request = request.set(name.as_str(), value.to_str().unwrap());
    }
    let answer = match request.send_string(body) {
        Ok(answer) | Err(ureq::Error::Status(_, answer)) => answer,
        Err(error) => panic!("{path}: {error}"),
    };
    (answer.status(), answer.header("x-amzn-errortype").unwrap_or("").to_string())
}

fn main() {
    let secret = var("AWS_SECRET_ACCESS_KEY").unwrap();
    let refused = "InvalidSignatureException".to_string();
    for path in [
        "/2015-03-31/functions/client/invocations",
        "/2015-03-31/functions/client%3Alive/invocations",
        "/2015-03-31/functions/client/invocations?Qualifier=live",
        "/2015-03-31/functions/client/invocations?Qualifier=%24LATEST&empty=",
        "/2015-03-31/functions/client/invocations?b=2&a=1&a=%20&%C3%BC=%E6%97%A5",
    ] {
        assert_eq!((200, String::new()), post(path, &secret, "{}"), "{path}");
        assert_eq!((403, refused.clone()), post(path, "another", "{}"), "{path}");
    }
    for path in ["/2015-03-31/functions/na%C3%AFve/invocations", "/2015-03-31/functions/a%20b/invocations", "/2015-03-31/functions/~a/invocations"] {
        let (status, error) = post(path, &secret, "{}");
        assert!(status == 400 || status == 404, "{path}: {status} {error}");
    }
    println!("AWS's signer for Rust is understood");
}
