/** A server over which the messaging suite has to pass. */
export interface BrokerVersion {
  readonly package: 'nats-server' | 'rabbitmq-server'
  /** The first numbers of its version. */
  readonly series: string
  /** Suite of Debian that has it. */
  readonly suite: 'bookworm' | 'trixie' | 'sid'
}

/** The oldest one that is supported, and each later one that behaves in another way. */
export const BROKER_VERSIONS: readonly BrokerVersion[] = [
  { package: 'nats-server', series: '2.9', suite: 'bookworm' },
  { package: 'nats-server', series: '2.10', suite: 'trixie' },
  { package: 'nats-server', series: '2.15', suite: 'sid' },
  { package: 'rabbitmq-server', series: '3.10', suite: 'bookworm' },
  { package: 'rabbitmq-server', series: '4.3', suite: 'sid' },
]

export function nameOf({ package: name, series }: BrokerVersion): string {
  return `${name} ${series}`
}

/** @param text as a program prints its version: `nats-server: v2.9.10`, `3.10.8` */
export function isOfSeries(text: string, series: string): boolean {
  return /\d+(?:\.\d+)+/.exec(text)?.[0].startsWith(`${series}.`) ?? false
}
