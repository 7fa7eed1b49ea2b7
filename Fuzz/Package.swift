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

/// The library's own sources, built anew with the counters that guide the fuzzer.
func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Library/\(name)", swiftSettings: settings)
}

// A package of its own, so that neither its build nor its corpora ever reach users of the library.
let package = Package(
    name: "Fuzz",
    dependencies: [
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "COpenSSL", path: "Library/COpenSSL", pkgConfig: "openssl"),
        library("OpenSSL", ["COpenSSL"]),
        library("MutualTLS", ["OpenSSL", logging]),
        library("MutualTLSFiles", ["MutualTLS", logging]),
        library("MutualTLSNIO", ["MutualTLS", logging, nio, nioHTTP1, nioPosix]),
        library("MutualTLSSystems", ["MutualTLS", "MutualTLSFiles", "MutualTLSNIO", logging, nio, nioHTTP1, nioPosix]),
        library("Conformance", [.product(name: "Yams", package: "Yams")]),
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "Conformance", "MutualTLS", "MutualTLSNIO", "MutualTLSSystems", nio, nioEmbedded, nioHTTP1,
            ],
            // libFuzzer has the main function.
            swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]
        ),
    ]
)
