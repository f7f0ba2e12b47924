import type { ChannelName } from '@runnel/contracts'
import type { MailingWarning } from '@runnel/contracts/api/mailing-warning'

/** What a client needs to be reached. */
const ADDRESSES: Readonly<Record<ChannelName, string>> = {
  gateway: 'phone',
  email: 'e-mail address',
  webhook: 'webhook',
}

/** @param withoutAddress clients that lack an address alone; undefined where they were not counted */
export function findAudienceWarnings(
  channel: ChannelName,
  isEmpty: boolean,
  withoutAddress: number | undefined,
): MailingWarning[] {
  const address = ADDRESSES[channel]
  if (withoutAddress !== undefined && withoutAddress > 0) {
    const others = `Clients that fit the filter and have no ${address}, so that they receive nothing: ${withoutAddress}`
    return [
      {
        code: 'no_address',
        field: '/channel',
        message: isEmpty ? `No client is reached. ${others}` : others,
      },
    ]
  }
  if (!isEmpty) return []
  const without = channel === 'gateway' ? '' : `, or have no ${address}`
  return [
    {
      code: 'audience_empty',
      field: '/filter',
      message: `No client is reached: none fits the filter, or those that do have opted out${without}. Change the filter`,
    },
  ]
}
