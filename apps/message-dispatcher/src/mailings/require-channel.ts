import { AppError, type ChannelName } from '@runnel/contracts'
import { CHANNEL_SETTINGS } from '../sending/channels/configured-channels.ts'

/** @throws AppError channel_not_configured where mailings of a channel would wait for their end */
export function requireChannel(channel: ChannelName, channels: readonly ChannelName[]): void {
  if (channels.includes(channel)) return
  throw new AppError(
    'channel_not_configured',
    `The channel ${channel} is not configured: nothing would be sent. Set ${CHANNEL_SETTINGS[channel]} of message-dispatcher`,
    {
      field: '/channel',
      expected: `one of ${channels.join(', ')}`,
      extra: { setting: CHANNEL_SETTINGS[channel] },
    },
  )
}
