/// The secret of servers whose ticket keys outlive a restart.
///
/// It protects nothing: the certificates of a case live as long as its playing. All servers that share it have it from
/// their settings, as processes of one service do.
enum SharedTicketSecret {
    static let bytes: [UInt8] = (0..<64).map { 151 &* $0 &+ 43 }
}
