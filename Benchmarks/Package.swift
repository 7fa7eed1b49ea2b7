// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

// A package of its own, so that what it needs never reaches users of the library.
let package = Package(
    name: "Benchmarks",
    dependencies: [
        .package(name: "countersign", path: ".."),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    ],
    targets: [
        .target(
            name: "CFloor",
            linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto"), .linkedLibrary("gnutls")]
        ),
        .executableTarget(name: "EngineBenchmark", dependencies: ["CFloor"], swiftSettings: settings),
        .executableTarget(
            name: "PeerBenchmark",
            dependencies: [
                "CFloor",
                .product(name: "MutualTLS", package: "countersign"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "HandshakeBenchmark",
            dependencies: ["CFloor", .product(name: "MutualTLS", package: "countersign")],
            swiftSettings: settings
        ),
    ]
)
