// swift-tools-version: 6.1
import Foundation
import PackageDescription

// CI turns warnings into errors; a user's newer compiler must not.
let warningsAreErrors = ProcessInfo.processInfo.environment["COUNTERSIGN_WARNINGS_AS_ERRORS"] == "1"

let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (warningsAreErrors ? [.unsafeFlags(["-warnings-as-errors"])] : [])

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = [], excluding files: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.byName(name: name)] + dependencies,
        exclude: files,
        swiftSettings: settings
    )
}

let package = Package(
    name: "countersign",
    products: [
        .library(name: "MutualTLS", targets: ["MutualTLS"]),
        .library(name: "MutualTLSFiles", targets: ["MutualTLSFiles"]),
        .library(name: "MutualTLSNIO", targets: ["MutualTLSNIO"]),
        .library(name: "MutualTLSSystems", targets: ["MutualTLSSystems"]),
        .executable(name: "countersign", targets: ["countersign"]),
    ],
    traits: [
        .trait(
            name: "Selftest",
            description: "Lets `countersign selftest` give the library wrong answers, one at a time. Never for use."
        )
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CGnuTLS", pkgConfig: "gnutls", providers: [.apt(["libgnutls28-dev"])]),
        library("OpenSSL", ["COpenSSL"]),
        library("MutualTLS", ["OpenSSL", logging]),
        library("MutualTLSFiles", ["MutualTLS", logging]),
        library("MutualTLSNIO", ["MutualTLS", logging, nio, nioHTTP1, nioPosix, nioTLS]),
        library("MutualTLSSystems", ["MutualTLS", "MutualTLSFiles", "MutualTLSNIO", logging, nio, nioHTTP1, nioPosix]),
        library("OpenSSLMinting", ["COpenSSL", "OpenSSL"]),
        library("ThrowawayPKI", ["OpenSSL", "OpenSSLMinting"]),
        // Empty without the trait Selftest, and linked by nothing that ships.
        library("LibraryMutants", ["MutualTLS", "OpenSSL", "OpenSSLMinting"]),
        library("GnuTLSPeer", ["CGnuTLS"]),
        library("ConformanceModel"),
        library("ConformanceJudge", ["ConformanceModel"]),
        library("ConformanceCatalogue", ["ConformanceModel", yams]),
        library(
            "ConformanceEngine",
            [
                "ConformanceModel", "GnuTLSPeer", "LibraryMutants", "MutualTLS", "OpenSSL", "OpenSSLMinting",
                "ThrowawayPKI", subprocess, systemPackage,
            ]
        ),
        // Other people's programs: what starts them, talks to them and looks at them.
        library("Peers", ["ConformanceEngine", "ConformanceModel", "ThrowawayPKI"]),
        library("ConformanceReports", ["ConformanceModel", mustache]),
        library(
            "Diagnostics",
            [
                "ConformanceCatalogue", "ConformanceJudge", "ConformanceModel", "ConformanceReports", "MutualTLS",
                "MutualTLSSystems", "OpenSSL", "ThrowawayPKI",
            ]
        ),
        library(
            "Rehearsal",
            [
                "ConformanceCatalogue", "ConformanceModel", "ConformanceReports", "MutualTLS", "OpenSSL",
                "OpenSSLMinting",
            ]
        ),
        library(
            "Campaign",
            [
                "ConformanceCatalogue", "ConformanceEngine", "ConformanceJudge", "ConformanceModel",
                "ConformanceReports", "MutualTLS", "OpenSSL", "OpenSSLMinting", "Peers",
            ]
        ),
        library(
            "Reproduction",
            [
                "Campaign", "ConformanceCatalogue", "ConformanceEngine", "ConformanceJudge", "ConformanceModel",
                "ConformanceReports", "Diagnostics", "OpenSSL", "Peers",
            ]
        ),
        .executableTarget(
            name: "countersign",
            dependencies: [
                "Campaign", "ConformanceCatalogue", "ConformanceEngine", "ConformanceJudge", "ConformanceModel",
                "ConformanceReports", "Diagnostics", "DocumentedSystems", "MutualTLS", "MutualTLSFiles",
                "MutualTLSNIO",
                "MutualTLSSystems", "Peers", "Rehearsal", "Reproduction", "ThrowawayPKI", argumentParser, logging, nio,
                nioPosix,
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "bogo-shim",
            dependencies: ["MutualTLS", "MutualTLSFiles"],
            exclude: ["config.json"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BogoShimTests",
            dependencies: ["bogo-shim", "MutualTLS", "ThrowawayPKI"],
            swiftSettings: settings
        ),
        tests("OpenSSL", ["COpenSSL", "OpenSSLMinting"]),
        tests(
            "MutualTLS",
            [
                "DamagedKeys", "GnuTLSPeer", "LibraryMutants", "LogCapture", "OpenSSL", "OpenSSLMinting",
                "ThrowawayPKI",
                logging,
            ]
        ),
        tests("MutualTLSFiles", ["DamagedKeys", "LogCapture", "MutualTLS", "ThrowawayPKI"]),
        .target(
            name: "LogCapture",
            dependencies: [logging],
            path: "Tests/LogCapture",
            swiftSettings: settings
        ),
        .target(name: "DamagedKeys", path: "Tests/DamagedKeys", swiftSettings: settings),
        .target(name: "PeerPrograms", path: "Tests/PeerPrograms", swiftSettings: settings),
        tests(
            "MutualTLSNIO",
            [
                "GnuTLSPeer", "LogCapture", "MutualTLS", "OpenSSL", "OpenSSLMinting", "PeerPrograms", "ThrowawayPKI",
                logging,
                nio, nioEmbedded, nioHTTP1, nioPosix, nioTLS,
            ]
        ),
        tests(
            "MutualTLSSystems",
            [
                "DamagedKeys", "LogCapture", "MutualTLS", "MutualTLSFiles", "MutualTLSNIO", "PeerPrograms",
                "ThrowawayPKI", logging,
                nio, nioHTTP1, nioPosix,
            ],
            excluding: ["Fixtures"]
        ),
        // What the README shows, written as a user writes it: without the package's own settings.
        .target(
            name: "Examples",
            dependencies: ["MutualTLS", "MutualTLSFiles", "MutualTLSNIO", nio, nioPosix],
            path: "docs/examples",
            exclude: ["rehearsals"]
        ),
        // The documented systems, on the public API alone: the compiler shows them nothing of the package's own.
        .target(
            name: "DocumentedSystems",
            dependencies: ["MutualTLS", "MutualTLSFiles", "MutualTLSNIO", "MutualTLSSystems", nio, nioHTTP1],
            path: "Examples/Systems",
            packageAccess: false
        ),
        tests("Examples", ["MutualTLS", "MutualTLSFiles", "MutualTLSNIO", "ThrowawayPKI", nio, nioHTTP1]),
        .target(
            name: "PKIReadback",
            dependencies: ["GnuTLSPeer", "ThrowawayPKI"],
            path: "Tests/PKIReadback",
            swiftSettings: settings
        ),
        tests("ThrowawayPKI", ["GnuTLSPeer", "PKIReadback"]),
        tests("GnuTLSPeer", ["CGnuTLS"]),
        tests("Campaign", ["ConformanceModel"]),
        tests("ConformanceModel", ["ConformanceJudge"]),
        tests("ConformanceJudge", ["ConformanceCatalogue", "ConformanceModel"]),
        tests("ConformanceCatalogue", ["ConformanceJudge", "ConformanceModel"]),
        tests(
            "Diagnostics",
            ["ConformanceCatalogue", "ConformanceModel", "MutualTLS", "OpenSSL"],
            excluding: ["Fixtures"]
        ),
        tests("Rehearsal", ["ConformanceCatalogue", "MutualTLS"]),
        tests(
            "ConformanceEngine",
            [
                "Campaign", "ConformanceCatalogue", "ConformanceJudge", "ConformanceModel", "OpenSSL",
                "OpenSSLMinting", "PKIReadback", "Peers", "ThrowawayPKI", "countersign", systemPackage,
            ]
        ),
        tests(
            "ConformanceReports",
            ["ConformanceCatalogue", "ConformanceJudge", "ConformanceModel"],
            excluding: ["Fixtures"]
        ),
        .testTarget(
            name: "CountersignTests",
            dependencies: [
                "Campaign", "ConformanceCatalogue", "ConformanceEngine", "ConformanceJudge", "ConformanceModel",
                "ConformanceReports", "countersign", "DamagedKeys", "Diagnostics", "Reproduction", "MutualTLS",
                "MutualTLSNIO",
                "OpenSSL",
                "PeerPrograms", "Peers", "ThrowawayPKI", nio, nioPosix,
            ],
            exclude: ["Fixtures"],
            swiftSettings: settings
        ),
    ]
)
