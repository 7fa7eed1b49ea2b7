internal import Foundation

// Made for these tests with `openssl` and `ssh-keygen`, and used nowhere else.

/// A private key as PKCS #8 in PEM.
package let plainKeyPEM = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgEq2fmGc9sFLTf2s1
    xMbJ1HqX4VOkKOHhKHoG3a4vqnyhRANCAARE1CkZ+H7nOCLnYs0RKI+pxkxdYsrs
    VtThonuriZ1LD/3sW5PWztc7mMTQ6cO6Cn9p0n82lwbGTHA/hazRFHHE
    -----END PRIVATE KEY-----

    """

/// The same key, encrypted with the passphrase `throwaway`.
package let encryptedKeyPEM = """
    -----BEGIN ENCRYPTED PRIVATE KEY-----
    MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAj0wvA79cHtKQICCAAw
    DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEHPsQ2EjfWMX5c6SKTYLxokEgZCv
    kCj0G3bnH6BN3JYLTWpuMG5R7cCNHEkKPWuDXvqhxD2H8yYyNCR7Cg6vC1cp3SuG
    qo5K+S7f7zwcZHHN9Uxp+myJjbPS1zRjFMPuTwJzqNCHUfLx7qZhpnWNO94ayHgR
    LwPgfPd328cqzDIZ4xcZ0FrzcHCj42kXNwzFFZkbIBL5b5xViTwVHHyhCpZ6obI=
    -----END ENCRYPTED PRIVATE KEY-----

    """

/// A key as OpenSSH writes it.
package let openSSHKeyPEM = """
    -----BEGIN OPENSSH PRIVATE KEY-----
    b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
    QyNTUxOQAAACCE9HVvmwtmqu3iYlzFk2okjRKjLhqPaOkUJg7Th6qKZgAAAIjzZuZh82bm
    YQAAAAtzc2gtZWQyNTUxOQAAACCE9HVvmwtmqu3iYlzFk2okjRKjLhqPaOkUJg7Th6qKZg
    AAAEDLTFxDcf3rTL595J6br9Qci2aGZmDBw363QjyoHHGhNoT0dW+bC2aq7eJiXMWTaiSN
    EqMuGo9o6RQmDtOHqopmAAAAAAECAwQF
    -----END OPENSSH PRIVATE KEY-----

    """

/// The first key with a certificate in PKCS #12, with the passphrase `throwaway`.
package let pkcs12 = [UInt8](Data(base64Encoded: pkcs12Base64.joined()) ?? Data())

private let pkcs12Base64 = [
    "MIIEDAIBAzCCA8IGCSqGSIb3DQEHAaCCA7MEggOvMIIDqzCCAmIGCSqGSIb3DQEHBqCCAlMwggJPAgEAMIICSAYJKoZIhvcNAQcB",
    "MFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgBjCvIg7EgZgICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEM4/",
    "eLUD4bzWehHWeKIAl+aAggHgzceupDQvI/5MU2h5WDoHFrBgqejXNSUTUoUcKX+iN2vK3RKJgizdb6TEeOC6kCYsc7xc14h98CBs",
    "FTtWjWPu4nBCLDfcXMT5JnDXCeNBfv0/FTiXpLIEroSoMLkLxig/qR1ylqy2zyRv36hJlZTZDx7v3CCDtAZ61812ytzjytoE7GBe",
    "eKU8P92yun+SRoG1ce9ocxHsP7/cUPuR9cjqAFZ3eO5TW82dX8wIp6Ac79dDpseYHGpBF5a/onWoeOrTLddWBdgl7/LQmluFnmQq",
    "ZUpxdV/+BTiStr9i7fKuQLFOfAzCxbRFPlrHrtFowBz+bX7iRkTGj+yfpRxcxMJAtb8nG6br6ypUXUJ73Al8Rsfq+IsjgFvI2Dhv",
    "Yq83LmsJOvdnW0I38WJ1X7cma46QpiILpHqmA7apc+xiFAGKXtTCFYgs1Jp3uxj/vx1QXV7lPHN0EGfzc4l+1EqrIqv5UkJKaIO5",
    "KCtbRF32Tl3ySEhHQGscDqnncL7r4apalRxzh0EazVv96AOZf6p/+ZYgQhgU97hMEE9a/BSIHffuXlalzz5qDebBXo8CjNNKtPuU",
    "Szm5GBrCXAbUwQDCv1cySWiXr8yvxTQVASpVbiRtGcb30brnKpH9gc+lF0q5Q0f2MIIBQQYJKoZIhvcNAQcBoIIBMgSCAS4wggEq",
    "MIIBJgYLKoZIhvcNAQwKAQKgge8wgewwVwYJKoZIhvcNAQUNMEowKQYJKoZIhvcNAQUMMBwECCxTadNxEnsRAgIIADAMBggqhkiG",
    "9w0CCQUAMB0GCWCGSAFlAwQBKgQQDyd33IwR9Ax5IeLOZPwLKgSBkONYdgQQB7ceQTzk3oezsPUZu0KCy8Fe7Z2Po2NmbHRkFDVx",
    "wVCdk0mNiQZhiIlVa2GIoV8AIU4RzEKH09rtYEuEcKCXjEo4CAKUUgFcHN2Yhaabl/gg6K/WnRkOpZ5wWwOSKSQj3XDvSuQFXKlg",
    "rdrw2hN734Am8a2jWQ5ylcydN9sQI66/i+f5F80ogOBWCzElMCMGCSqGSIb3DQEJFTEWBBQmiQEgmcOSuwL2rjEZ0eqaj5TVtTBB",
    "MDEwDQYJYIZIAWUDBAIBBQAEILb0altuxHyClFhNFGQu6Fhj4fu4obGuRDxjpCbijHyGBAja+l8lyTDLeAICCAA=",
]
