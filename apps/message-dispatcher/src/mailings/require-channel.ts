import { AppError, type ChannelName } from '@runnel/contracts'
import type { Database, RunQuery } from '@runnel/repositories-database'
import { findMailing } from '@runnel/repositories-mailings'
import { CHANNEL_SETTINGS } from '../sending/channels/configured-channels.ts'

/** @throws AppError channel_not_configured where mailings of a channel would wait for their end */
export function requireChannel(channel: ChannelName, channels: readonly ChannelName[]): void {
  if (channels.includes(channel)) return
  throw new AppError('channel_not_configured', describeMissingChannel(channel), {
    field: '/channel',
    expected: `one of ${channels.join(', ')}`,
    extra: { setting: CHANNEL_SETTINGS[channel] },
  })
}

/** @returns what is missing, and where it is set */
export function describeMissingChannel(channel: ChannelName): string {
  return `The channel ${channel} is not configured: nothing would be sent. Set ${CHANNEL_SETTINGS[channel]} of message-dispatcher`
}

/** Of a mailing that is to be sent: it may have been made before its channel was taken away. @throws AppError as requireChannel */
export async function requireChannelOf(
  mailingId: number,
  channels: readonly ChannelName[],
  { database, runQuery }: { readonly database: Database; readonly runQuery: RunQuery },
): Promise<void> {
  const { channel } = await runQuery(() => findMailing(database, mailingId))
  requireChannel(channel, channels)
}
