import type { ChannelName, MessageStatus } from '@runnel/contracts'
import type { SendClient, SendMailing } from '@runnel/repositories-mailings'
import { TemplateError } from '../template/template-error.ts'
import type { Templates } from '../template/templates.ts'
import { windowToBegin, type OpenPeriod } from '../windows/window-of.ts'
import type { OutgoingMessage } from './channels/channel.ts'
import type { QueuedMessage } from './leases/work.ts'

/** What is sent, and to whom. */
export type MessageContent = Omit<OutgoingMessage, 'id'>

/** @returns where the client opts out of a channel's mailings with one click */
export type UnsubscribeUrl = (message: {
  readonly mailingId: number
  readonly clientId: number
  readonly address: string
}) => string

/** What to do with a message now. `stop`: nothing more of its work can be sent now. */
export type MessageVerdict =
  | { readonly kind: 'send'; readonly content: MessageContent }
  | {
      readonly kind: 'record'
      readonly to: MessageStatus
      readonly reason: string
      readonly dueAtMs?: number
      /** Its text cannot be rendered. */
      readonly isTexts?: boolean
    }
  | { readonly kind: 'stop' }

export interface JudgeOptions {
  readonly channelName: ChannelName
  readonly nowMs: number
  readonly sendTimeoutMs: number
  readonly deduplicates: boolean
  readonly templates: Templates
  readonly unsubscribeUrl?: UnsubscribeUrl | undefined
}

const STOP: MessageVerdict = { kind: 'stop' }

/** The last check of a message before it is sent. */
export function judgeMessage(message: QueuedMessage, options: JudgeOptions): MessageVerdict {
  const { mailing, recipient, work, startedBefore } = message
  const { nowMs } = options
  if (startedBefore && !options.deduplicates) return { kind: 'record', to: 'unknown', reason: 'interrupted' }
  if (nowMs + options.sendTimeoutMs >= mailing.endsAtMs) return STOP
  const { client } = recipient
  if (!client) return { kind: 'record', to: 'cancelled', reason: 'client_deleted' }
  if (client.optedOut) return { kind: 'record', to: 'cancelled', reason: 'opted_out' }
  if (options.channelName !== 'gateway' && client.address === undefined)
    return { kind: 'record', to: 'cancelled', reason: 'no_address' }
  const period = periodOf(options, client, mailing)
  if (!period) return { kind: 'record', to: 'failed', reason: 'time_zone_unknown' }
  if (period.openFromMs > nowMs) {
    // The window of the chunk's own zone has closed, or is about to: the whole chunk waits, without a write for each message.
    if (work.chunk?.timeZone === client.timeZone) return STOP
    return { kind: 'record', to: 'retry', reason: 'window_closed', dueAtMs: period.openFromMs }
  }
  return render(message, client, options)
}

/** @returns undefined where the time zone is no longer known */
function periodOf(
  { nowMs, sendTimeoutMs }: JudgeOptions,
  client: SendClient,
  mailing: SendMailing,
): OpenPeriod | undefined {
  try {
    return windowToBegin(nowMs, client.timeZone, mailing.window, sendTimeoutMs)
  } catch {
    return undefined
  }
}

function render(
  { mailing, recipient }: QueuedMessage,
  client: SendClient,
  { templates, unsubscribeUrl }: JudgeOptions,
): MessageVerdict {
  const { id: mailingId, version, template, subject } = mailing
  const { phone, address } = client
  try {
    // Most messages go to phones: nothing else is computed for them.
    if (address === undefined) {
      const text = templates.of({ mailingId, version, text: template }).render(client)
      return { kind: 'send', content: { phone, text } }
    }
    const url = unsubscribeUrl?.({ mailingId, clientId: recipient.clientId, address })
    const link = url === undefined ? {} : { unsubscribeUrl: url }
    const variables = { ...client, ...link }
    const text = templates.of({ mailingId, version, text: template }).render(variables)
    if (subject === undefined) return { kind: 'send', content: { phone, address, text, ...link } }
    const rendered = templates.of({ mailingId, version, part: 'subject', text: subject }).render(variables)
    return { kind: 'send', content: { phone, address, text, subject: rendered, ...link } }
  } catch (error) {
    const reason = error instanceof TemplateError ? error.reason : 'template_invalid'
    return { kind: 'record', to: 'failed', reason, isTexts: true }
  }
}
