internal import ConformanceModel
internal import MutualTLS

extension RevocationPolicy {
    init(_ mode: RevocationMode, _ lists: RevocationListManager) {
        self =
            switch mode {
            case .off: .off
            case .leaf: .leaf(from: lists)
            case .chain: .chain(from: lists)
            }
    }
}
