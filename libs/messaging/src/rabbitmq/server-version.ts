import type { ChannelModel } from 'amqplib'

/** @returns `3.10.8`; `0` where the server does not say it */
export function versionOf(connection: ChannelModel): string {
  return connection.connection.serverProperties.version || '0'
}

/**
 * Whether a quorum queue drops a message at its 21st delivery unless it is told not to. From 4.0 on; before, a limit of -1 would
 * be taken for one that is passed at the first redelivery. Servers accept arguments that they do not know in silence.
 */
export function limitsDeliveries(version: string): boolean {
  return Number.parseInt(version, 10) >= 4
}
