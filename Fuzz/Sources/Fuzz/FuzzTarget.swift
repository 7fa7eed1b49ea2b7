internal import Glibc

/// A part of the library that takes bytes of others. COUNTERSIGN_FUZZ names the one that a run is about.
enum FuzzTarget: String, CaseIterable {
    case serverInput = "server"
    case clientInput = "client"
    case pem
    case certificate
    case natsConfiguration = "nats-configuration"
    case natsProtocol = "nats-protocol"
    case http
    case scenario
    case driver

    /// The one of this process.
    static let chosen: FuzzTarget = {
        guard let name = getenv("COUNTERSIGN_FUZZ").map({ String(cString: $0) }),
            let target = FuzzTarget(rawValue: name)
        else {
            let names = allCases.map(\.rawValue).joined(separator: ", ")
            fatalError("expected one of these in COUNTERSIGN_FUZZ: \(names)")
        }
        return target
    }()

    func take(_ bytes: [UInt8]) {
        switch self {
        case .serverInput: TLSInputs.server(bytes)
        case .clientInput: TLSInputs.client(bytes)
        case .pem: TextInputs.pem(bytes)
        case .certificate: TLSInputs.certificates(bytes)
        case .natsConfiguration: TextInputs.natsConfiguration(bytes)
        case .natsProtocol: ChannelInputs.nats(bytes)
        case .http: ChannelInputs.http(bytes)
        case .scenario: TextInputs.scenario(bytes)
        case .driver: TextInputs.driver(bytes)
        }
    }
}

/// libFuzzer calls it with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    FuzzTarget.chosen.take(size > 0 ? [UInt8](UnsafeBufferPointer(start: data, count: size)) : [])
    return 0
}
