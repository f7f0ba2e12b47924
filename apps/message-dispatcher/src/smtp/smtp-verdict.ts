import type { SendResult } from '../sending/channels/channel.ts'

/** What an attempt to hand over one message has shown. `gatewayCode` is the reply of the server, such as 550. */
export type SmtpVerdict = Pick<SendResult, 'outcome' | 'scope' | 'reason' | 'gatewayCode'> & {
  /** One line, without passwords. */
  readonly detail: string
}
