import type { ChannelName } from '@runnel/contracts'
import type { MailingWarning } from '@runnel/contracts/api/mailing-warning'
import type { AudienceClient } from '@runnel/repositories-mailings'
import type { Template } from '../../template/compile-template.ts'
import type { UnsubscribeLinks } from '../../unsubscribe/unsubscribe-links.ts'
import { describeMissingChannel } from '../require-channel.ts'
import { findAudienceWarnings } from './audience-warnings.ts'
import { findSubjectWarnings, findTextWarnings } from './text-warnings.ts'
import { findTimeWarnings, type Timetable } from './time-warnings.ts'

/** What is looked at. */
export interface Examined {
  /** Undefined where the end is not known yet. */
  readonly timetable: Timetable | undefined
  readonly template: Template
  /** Of the text. */
  readonly text: string
  readonly channel: ChannelName
  /** Those that are configured. */
  readonly channels: readonly ChannelName[]
  /** Where the channel has one. */
  readonly subject?: Template | undefined
  /** Of e-mails: links to opt out; undefined where none are configured. */
  readonly links?: Pick<UnsubscribeLinks, 'example'> | undefined
  /** Clients that lack an address of the channel alone, where they were counted. */
  readonly withoutAddress?: number | undefined
  /** Some of the clients. */
  readonly sample: readonly AudienceClient[]
  /** Time zones of clients. Default: those of the sample. */
  readonly timeZones?: readonly string[]
}

/** Stands for all others where they could not be looked for. */
export const NOT_CHECKED: MailingWarning = {
  code: 'audience_not_checked',
  field: '/filter',
  message:
    'Whom the mailing reaches could not be checked just now. The mailing itself is stored; read its audience to check it',
}

const NO_LINK: MailingWarning = {
  code: 'no_unsubscribe_url',
  field: '/channel',
  message:
    'The e-mails hold no way to opt out with one click, which large mail providers ask for: set UNSUBSCRIBE_URL and UNSUBSCRIBE_SECRET',
}

function missingChannel(channel: ChannelName): MailingWarning {
  return { code: 'channel_not_configured', field: '/channel', message: describeMissingChannel(channel) }
}

/** Clients as the texts of e-mails see them. */
export function withLink<T extends object>(
  channel: ChannelName,
  links: Pick<UnsubscribeLinks, 'example'> | undefined,
  sample: readonly T[],
): readonly T[] {
  if (channel !== 'email' || !links) return sample
  return sample.map((client) => ({ ...client, unsubscribeUrl: links.example }))
}

/** What would keep the messages of a valid mailing from being sent, or from saying what they should. The worst first. */
export function findWarnings(examined: Examined): MailingWarning[] {
  const { timetable, template, text, channel, channels, subject, withoutAddress, links, timeZones } = examined
  const sample = withLink(channel, links, examined.sample)
  const zones = timeZones ?? [...new Set(sample.map(({ timeZone }) => timeZone))]
  return [
    ...(channels.includes(channel) ? [] : [missingChannel(channel)]),
    ...(timetable ? findTimeWarnings(timetable, zones) : []),
    ...findAudienceWarnings(channel, sample.length === 0, withoutAddress),
    ...(channel === 'email' && !links ? [NO_LINK] : []),
    ...findTextWarnings(text, template, sample),
    ...(subject ? findSubjectWarnings(subject, sample) : []),
  ]
}
