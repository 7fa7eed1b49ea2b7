// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that what it needs never reaches users of the library.
let package = Package(
    name: "Benchmarks",
    dependencies: [.package(name: "countersign", path: "..")],
    targets: [
        .target(name: "CFloor", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        .executableTarget(
            name: "HandshakeBenchmark",
            dependencies: ["CFloor", .product(name: "MutualTLS", package: "countersign")],
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
            ]
        ),
    ]
)
