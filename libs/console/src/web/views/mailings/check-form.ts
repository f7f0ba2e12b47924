import { parseWallClock } from '../../format/zone.ts'
import type { FormValues } from './form-values.ts'

/** Inputs of the form that may be wrong, by the names that the API has for them. */
export const FORM_FIELDS = [
  '/name',
  '/channel',
  '/subject',
  '/text',
  '/start',
  '/end',
  '/filter/operatorCodes',
  '/filter/tags',
  '/filter/received',
  '/filter/notReceived',
  '/window',
  '/ratePerSecond',
] as const

export type FormField = (typeof FORM_FIELDS)[number]

export type FormProblems = Readonly<Partial<Record<FormField, string>>>

const MAILING_ID = /^[1-9]\d{0,14}$/

const OPERATOR_CODE = /^[\w.-]{1,32}$/

/** What has to be corrected before the form can be sent. The rest is the server's to judge. */
export function checkForm(values: FormValues, nowMs: number): FormProblems {
  const problems: Partial<Record<FormField, string>> = {}
  if (values.text === '') problems['/text'] = 'Enter the text that the clients receive.'
  if (values.channel === 'email' && values.subject.trim() === '') problems['/subject'] = 'Enter a subject.'
  if (values.operatorCodes.some((code) => !OPERATOR_CODE.test(code)))
    problems['/filter/operatorCodes'] = 'A code has at most 32 letters, digits, dots, dashes and underscores.'
  for (const name of ['received', 'notReceived'] as const) {
    if (values[name].some((id) => !MAILING_ID.test(id)))
      problems[`/filter/${name}`] = 'Enter the numbers of mailings, such as 17.'
  }
  const startMs = values.startsLater ? parseWallClock(values.start) : nowMs
  const endMs = parseWallClock(values.end)
  if (Number.isNaN(startMs)) problems['/start'] = 'Choose a day and a time.'
  if (Number.isNaN(endMs)) problems['/end'] = 'Choose a day and a time.'
  else if (endMs <= startMs) problems['/end'] = 'The end has to be after the start.'
  if (values.hasWindow) {
    if (values.from === '' || values.to === '') problems['/window'] = 'Choose both times.'
    else if (values.from === values.to)
      problems['/window'] = 'The window would be empty: choose two different times.'
  }
  if (!/^\s*(\d{1,5})?\s*$/.test(values.rate) || Number(values.rate || 1) < 1)
    problems['/ratePerSecond'] = 'A whole number from 1, or nothing for no limit.'
  return problems
}

export function hasProblems(problems: FormProblems): boolean {
  return Object.keys(problems).length > 0
}

/** What every input of the form gets. */
export interface FormPart {
  readonly values: FormValues
  readonly set: (change: Partial<FormValues>) => void
  readonly problem: (field: FormField) => string | undefined
}
