import type { MailingPreview } from '../../api/audience.ts'
import { checkForm } from './check-form.ts'
import { toFilter, toInput, type FormValues } from './form-values.ts'

/** What the form asks to look at; times that are not right yet are left out. */
export function toPreview(values: FormValues, nowMs: number): MailingPreview {
  const { channel, subject, text } = values
  const shown = { channel, subject: channel === 'email' ? subject : null, text, filter: toFilter(values) }
  const problems = checkForm(values, nowMs)
  if (problems['/start'] ?? problems['/end'] ?? problems['/window']) return shown
  const { start, end, window } = toInput(values, false)
  return { ...shown, ...(start !== undefined && { start }), end, ...(window !== undefined && { window }) }
}
