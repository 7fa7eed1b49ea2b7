/// A certificate of `server.test` that is its own authority, and its key; both are used nowhere else.
enum Material {
    static let pem = """
        -----BEGIN CERTIFICATE-----
        MIIBWzCCAQGgAwIBAgIUE2SVIFl3PaYuM50NXnbhJttg+HAwCgYIKoZIzj0EAwIw
        FjEUMBIGA1UEAwwLc2VydmVyLnRlc3QwIBcNMjQwMTAxMDAwMDAwWhgPMjA5OTAx
        MDEwMDAwMDBaMBYxFDASBgNVBAMMC3NlcnZlci50ZXN0MFkwEwYHKoZIzj0CAQYI
        KoZIzj0DAQcDQgAErm6lHGHgQVhr7KtBPYDi2IFSQQXZEsNwfjozsm8ubxhhW6Vc
        h9g9z7VZTIURQ0li6u8+ZbijJQ5YW8/vzPqfbKMrMCkwDwYDVR0TAQH/BAUwAwEB
        /zAWBgNVHREEDzANggtzZXJ2ZXIudGVzdDAKBggqhkjOPQQDAgNIADBFAiEAx9Id
        CAijx6LP0IGyzRxRMMrE0njIzukMc4azJKQ5okcCIB4cgFeu0b9e3FSx3pWtMdAS
        1++vQbG0zMIErRT+W88Z
        -----END CERTIFICATE-----
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgT9YF6fVV1xnpL5nI
        LQV8tXQM9yMaLsdqenAYF5lqZ/+hRANCAASubqUcYeBBWGvsq0E9gOLYgVJBBdkS
        w3B+OjOyby5vGGFbpVyH2D3PtVlMhRFDSWLq7z5luKMlDlhbz+/M+p9s
        -----END PRIVATE KEY-----
        """

    /// A ServerHello of TLS 1.2 in its record, with TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256.
    static let serverHello12: [UInt8] = [
        0x16, 0x03, 0x03, 0x00, 0x31, 0x02, 0x00, 0x00, 0x2D, 0x03, 0x03, 0x00, 0x01, 0x02, 0x03, 0x04,
        0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F, 0x10, 0x11, 0x12, 0x13, 0x14,
        0x15, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x1B, 0x1C, 0x1D, 0x1E, 0x1F, 0x00, 0xC0, 0x2B, 0x00, 0x00,
        0x05, 0xFF, 0x01, 0x00, 0x01, 0x00,
    ]
}
