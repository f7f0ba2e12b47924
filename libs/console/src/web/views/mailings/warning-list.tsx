import type { MailingWarning } from '../../api/mailings.ts'

/** What would keep a mailing from doing what it is for. It can be sent all the same. */
export function WarningList({ warnings }: { warnings: readonly MailingWarning[] }) {
  if (warnings.length === 0) return null
  return (
    <ul class="stale-note warnings" aria-label="Warnings">
      {warnings.map(({ code, message }) => (
        <li key={`${code} ${message}`}>{message.endsWith('?') ? message : `${message}.`}</li>
      ))}
    </ul>
  )
}
