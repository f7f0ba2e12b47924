import type { Channel } from './channel-names.ts'
import type { Mailing, MailingEdit, MailingInput } from '../../api/mailings.ts'
import { parseWallClock, toWallInput } from '../../format/zone.ts'

/** A mailing as its form holds it. Times are as inputs have them: in the reader's zone, to the minute. */
export interface FormValues {
  readonly name: string
  readonly channel: Channel
  /** Of e-mails alone. */
  readonly subject: string
  readonly text: string
  /** false: at once. */
  readonly startsLater: boolean
  readonly start: string
  readonly end: string
  readonly operatorCodes: readonly string[]
  readonly tags: readonly string[]
  /** Ids of mailings, as they are typed. */
  readonly received: readonly string[]
  readonly notReceived: readonly string[]
  readonly hasWindow: boolean
  readonly from: string
  readonly to: string
  /** Empty: no limit. */
  readonly rate: string
}

const HOUR_MS = 3_600_000

/** An empty form: now, for a day. */
export function emptyForm(nowMs: number): FormValues {
  return {
    name: '',
    channel: 'gateway',
    subject: '',
    text: '',
    startsLater: false,
    start: toWallInput(nowMs + HOUR_MS),
    end: toWallInput(nowMs + 25 * HOUR_MS),
    operatorCodes: [],
    tags: [],
    received: [],
    notReceived: [],
    hasWindow: false,
    from: '09:00',
    to: '21:00',
    rate: '',
  }
}

/** A form that holds a mailing. */
export function formOf(mailing: Mailing): FormValues {
  const { name, channel, subject, text, filter, window, ratePerSecond } = mailing
  return {
    ...{ name, channel, subject: subject ?? '', text },
    startsLater: true,
    start: toWallInput(Date.parse(mailing.start)),
    end: toWallInput(Date.parse(mailing.end)),
    operatorCodes: filter.operatorCodes,
    tags: filter.tags,
    received: filter.received.map(String),
    notReceived: filter.notReceived.map(String),
    hasWindow: window !== null,
    from: window?.from ?? '09:00',
    to: window?.to ?? '21:00',
    rate: ratePerSecond === null ? '' : String(ratePerSecond),
  }
}

/** A form for another mailing like this one: its times have passed. */
export function copyForm(mailing: Mailing, nowMs: number): FormValues {
  const { start, end } = emptyForm(nowMs)
  const name = mailing.name === '' ? '' : `${mailing.name} (copy)`
  return { ...formOf(mailing), name, startsLater: false, start, end }
}

/** What the form asks for. @param values have no problems */
export function toInput(values: FormValues, draft: boolean): MailingInput {
  const { name, text, startsLater, start, end } = values
  return {
    name: name.trim(),
    channel: values.channel,
    subject: values.channel === 'email' ? values.subject : null,
    text,
    ...(startsLater && { start: toTimestamp(start) }),
    end: toTimestamp(end),
    filter: toFilter(values),
    window: values.hasWindow ? { from: values.from, to: values.to } : null,
    ratePerSecond: values.rate.trim() === '' ? null : Number(values.rate),
    ...(draft && { draft }),
  }
}

/** Whom the form is for. */
export function toFilter({ operatorCodes, tags, received, notReceived }: FormValues) {
  return {
    operatorCodes: [...operatorCodes],
    tags: [...tags],
    received: received.map(Number),
    notReceived: notReceived.map(Number),
  }
}

/** What a person changed since the form was filled; what was left alone is left out. */
export function toEdit(values: FormValues, before: FormValues): MailingEdit {
  const [after, was] = [toInput(values, false), toInput(before, false)]
  const names = (Object.keys(after) as (keyof MailingEdit & keyof MailingInput)[]).filter(
    (name) => JSON.stringify(after[name]) !== JSON.stringify(was[name]),
  )
  return Object.fromEntries(names.map((name) => [name, after[name]]))
}

function toTimestamp(local: string): string {
  return new Date(parseWallClock(local)).toISOString()
}
