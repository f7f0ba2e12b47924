import type { ChannelStops, ResumedSending } from '@runnel/contracts/api/sending'
import { getJson, type Answer } from './get-json.ts'
import { sendJson } from './send-json.ts'

export type ChannelStop = ChannelStops['items'][number]

/** Whether messages go out, by channel. */
export function getChannelStops(signal: AbortSignal): Promise<Answer<ChannelStops>> {
  return getJson('/api/v1/sending/channels', {}, signal)
}

/** Ends a pause of a channel, or the wait for its next probe. */
export function resumeSending(channel: ChannelStop['channel']): Promise<ResumedSending> {
  return sendJson('POST', `/api/v1/sending/channels/${channel}/resume`)
}
