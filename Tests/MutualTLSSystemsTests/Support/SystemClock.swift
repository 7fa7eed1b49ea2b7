import Glibc
import MutualTLS

/// The present, since certificates of other programs are made relative to it.
let systemClock: @Sendable () -> Timestamp = { Timestamp(secondsSinceEpoch: Int64(time(nil))) }
