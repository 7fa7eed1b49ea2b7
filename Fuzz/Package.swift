// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// The sources of the library and of the harness, built anew with the counters that guide the fuzzer.
func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Library/\(name)", swiftSettings: settings)
}

// A package of its own, so that neither its build nor its corpora ever reach users of the library.
let package = Package(
    name: "Fuzz",
    dependencies: [
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        .systemLibrary(name: "COpenSSL", path: "Library/COpenSSL", pkgConfig: "openssl"),
        library("OpenSSL", ["COpenSSL"]),
        library("MutualTLS", ["OpenSSL", logging]),
        library("MutualTLSFiles", ["MutualTLS", logging]),
        library("MutualTLSNIO", ["MutualTLS", logging, nio, nioHTTP1, nioPosix, nioTLS]),
        library("MutualTLSSystems", ["MutualTLS", "MutualTLSFiles", "MutualTLSNIO", logging, nio, nioHTTP1, nioPosix]),
        // What the harness reads of others: scenarios, and the messages of drivers.
        .systemLibrary(name: "CGnuTLS", path: "Library/CGnuTLS", pkgConfig: "gnutls"),
        library("OpenSSLMinting", ["COpenSSL", "OpenSSL"]),
        library("ThrowawayPKI", ["OpenSSL", "OpenSSLMinting"]),
        library("LibraryMutants", ["MutualTLS", "OpenSSL", "OpenSSLMinting"]),
        library("GnuTLSPeer", ["CGnuTLS"]),
        library("ConformanceModel"),
        library("ConformanceCatalogue", ["ConformanceModel", yams]),
        library(
            "ConformanceEngine",
            [
                "ConformanceModel", "GnuTLSPeer", "LibraryMutants", "MutualTLS", "OpenSSL", "OpenSSLMinting",
                "ThrowawayPKI", subprocess, systemPackage,
            ]
        ),
        library("Peers", ["ConformanceEngine", "ConformanceModel", "ThrowawayPKI"]),
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "ConformanceCatalogue", "ConformanceEngine", "ConformanceModel", "MutualTLS", "MutualTLSNIO",
                "MutualTLSSystems", "Peers", nio, nioEmbedded, nioHTTP1,
            ],
            // libFuzzer has the main function.
            swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]
        ),
    ]
)
