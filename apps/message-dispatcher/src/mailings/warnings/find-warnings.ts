import type { MailingWarning } from '@runnel/contracts/api/mailing-warning'
import type { AudienceClient } from '@runnel/repositories-mailings'
import type { Template } from '../../template/compile-template.ts'
import { findTextWarnings } from './text-warnings.ts'
import { findTimeWarnings, type Timetable } from './time-warnings.ts'

/** What is looked at. */
export interface Examined {
  /** Undefined where the end is not known yet. */
  readonly timetable: Timetable | undefined
  readonly template: Template
  /** Of the text. */
  readonly text: string
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

const EMPTY: MailingWarning = {
  code: 'audience_empty',
  field: '/filter',
  message: 'No client is reached: none fits the filter, or those that do have opted out. Change the filter',
}

/** What would keep the messages of a valid mailing from being sent, or from saying what they should. The worst first. */
export function findWarnings({ timetable, template, text, sample, timeZones }: Examined): MailingWarning[] {
  const zones = timeZones ?? [...new Set(sample.map(({ timeZone }) => timeZone))]
  return [
    ...(timetable ? findTimeWarnings(timetable, zones) : []),
    ...(sample.length === 0 ? [EMPTY] : []),
    ...findTextWarnings(text, template, sample),
  ]
}
