/// Settings of servers and clients: plain values, checked as a whole by `resolve`.
public enum MutualTLSConfiguration {}
