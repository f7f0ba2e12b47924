import { choice, integer, port, text, type Setting, type SettingsOf } from '@runnel/runtime'
import { parseMailbox } from '../email-address.ts'

/** Not by its name: the settings of npm start hold it too, and could not name it. */
const from: Setting<{ readonly name: string; readonly address: string } | undefined> = {
  variable: 'SMTP_FROM',
  fallback: '',
  description: 'Sender of e-mails, such as Runnel <runnel@example.com>',
  parse: (value) => (value === '' ? undefined : parseMailbox(value)),
}

/** The mail server that e-mails of reports and alerts go through. */
export const smtpSettings = {
  host: text('SMTP_HOST', '', 'Mail server for reports and alerts; empty: no e-mail is sent', {
    pattern: /^[^\s/@:]*$|^[0-9a-f:.]+$/i,
    expected: 'a host name or an IP address',
  }),
  port: port('SMTP_PORT', 587, 'TCP port of the mail server; 465 is usual for SMTP_TLS=tls'),
  tls: choice(
    'SMTP_TLS',
    'starttls',
    'starttls: encrypt after connecting, or send nothing; tls: encrypted from the start; none: not encrypted',
    ['starttls', 'tls', 'none'],
  ),
  user: text('SMTP_USER', '', 'User name at the mail server; empty: no login'),
  password: text('SMTP_PASSWORD', '', 'Password of SMTP_USER', { secret: true }),
  from,
  timeoutMs: integer(
    'SMTP_TIMEOUT_MS',
    30_000,
    'Milliseconds that sending one e-mail may take, connecting included',
    { min: 100, max: 600_000 },
  ),
}

export type SmtpSettings = SettingsOf<typeof smtpSettings>

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/i

/** What is wrong with settings that are right one by one, in sentences. */
export function findSmtpProblems({ host, tls, user, password, from: sender }: SmtpSettings): string[] {
  const problems: string[] = []
  if (host !== '' && !sender)
    problems.push('SMTP_HOST is set, but SMTP_FROM is not: give the sender of the e-mails')
  if ((user === '') !== (password === ''))
    problems.push('SMTP_USER and SMTP_PASSWORD belong together: set both, or neither')
  if (tls === 'none' && user !== '' && !LOOPBACK.test(host))
    problems.push(
      'SMTP_TLS=none would send SMTP_PASSWORD unencrypted over the network: use starttls or tls, or no login',
    )
  return problems
}
