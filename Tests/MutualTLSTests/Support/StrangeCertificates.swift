// Made with Python's cryptography: the mint of the tests refuses such names. The keys are used nowhere else.

/// A self-signed leaf with the common names `alice` and `bob`, and its key.
let twoCommonNamesPEM = """
    -----BEGIN CERTIFICATE-----
    MIIBPDCB46ADAgECAgEHMAoGCCqGSM49BAMCMB4xDjAMBgNVBAMMBWFsaWNlMQww
    CgYDVQQDDANib2IwIBcNMjQwMTAxMDAwMDAwWhgPMjA5OTAxMDEwMDAwMDBaMB4x
    DjAMBgNVBAMMBWFsaWNlMQwwCgYDVQQDDANib2IwWTATBgcqhkjOPQIBBggqhkjO
    PQMBBwNCAAS5g250RPCCUVdSBg7TuZl9NRNxWrwfUj+uOPfNyctNUhEb5RCd5FC2
    8//7u/o4UrXjZdLQMBmZ06JxUZYcODFLoxAwDjAMBgNVHRMBAf8EAjAAMAoGCCqG
    SM49BAMCA0gAMEUCIQDcfGqCseQTTmWUsvKOR/6BwIK8KsHWePwWCZtxZA05pwIg
    CjZZyHaKqjhJ13j019acKNORY5Xk2NzmnDpn+G234N8=
    -----END CERTIFICATE-----
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgFo20t4x3JuRlPc6H
    KjinAqH65J6W9invs24up/sVuZChRANCAAS5g250RPCCUVdSBg7TuZl9NRNxWrwf
    Uj+uOPfNyctNUhEb5RCd5FC28//7u/o4UrXjZdLQMBmZ06JxUZYcODFL
    -----END PRIVATE KEY-----
    """

/// A self-signed leaf with the DNS names `ban`, KELVIN SIGN, `.example` in UTF-8, and `bank.example`, and its key.
let kelvinAlternativeName = """
    -----BEGIN CERTIFICATE-----
    MIIBTDCB8qADAgECAgEHMAoGCCqGSM49BAMCMBExDzANBgNVBAMMBmtlbHZpbjAg
    Fw0yNDAxMDEwMDAwMDBaGA8yMDk5MDEwMTAwMDAwMFowETEPMA0GA1UEAwwGa2Vs
    dmluMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEfny0J/Fnrq8XtLVJfUZXyobZ
    1LPBfbi4ICpa+/7wVNhYOvWfwW9MUAwm1urSj92d7xkbqTERGOkzsKtp1RlCC6M5
    MDcwDAYDVR0TAQH/BAIwADAnBgNVHREEIDAegg5iYW7ihKouZXhhbXBsZYIMYmFu
    ay5leGFtcGxlMAoGCCqGSM49BAMCA0kAMEYCIQDNJ8EAlU3y6WBmhYKDtjkgB8A9
    QFYh5PACbuUezg9dOwIhAPLU6l3WHzM9rY+7zrywq2YA3oBhcdPejyix+9TNIT/N
    -----END CERTIFICATE-----
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgbLWxUFNeJZiCeqjU
    eHpz2OTwNSrfg8LTf6BqBX4O1AChRANCAAR+fLQn8Weurxe0tUl9RlfKhtnUs8F9
    uLggKlr7/vBU2Fg69Z/Bb0xQDCbW6tKP3Z3vGRupMREY6TOwq2nVGUIL
    -----END PRIVATE KEY-----
    """
