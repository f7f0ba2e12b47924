import type { ChannelName } from '@runnel/contracts'
import type { MailingWarning } from '@runnel/contracts/api/mailing-warning'
import type { AudienceClient } from '@runnel/repositories-mailings'
import type { Template } from '../../template/compile-template.ts'
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
  /** Where the channel has one. */
  readonly subject?: Template | undefined
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

/** What would keep the messages of a valid mailing from being sent, or from saying what they should. The worst first. */
export function findWarnings(examined: Examined): MailingWarning[] {
  const { timetable, template, text, channel, subject, withoutAddress, sample, timeZones } = examined
  const zones = timeZones ?? [...new Set(sample.map(({ timeZone }) => timeZone))]
  return [
    ...(timetable ? findTimeWarnings(timetable, zones) : []),
    ...findAudienceWarnings(channel, sample.length === 0, withoutAddress),
    ...findTextWarnings(text, template, sample),
    ...(subject ? findSubjectWarnings(subject, sample) : []),
  ]
}
