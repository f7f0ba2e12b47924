import { choice, integer, port, text, type Setting, type SettingsOf } from '@runnel/runtime'
import { parseMailbox } from '../notifications/email-address.ts'

/** What the variables of a mail server are called, and what it is for. */
export interface MailServerWords {
  /** Before every name, such as SMTP. */
  readonly prefix: string
  /** Such as `reports and alerts`. */
  readonly purpose: string
}

/** The mail server that e-mails go through. */
export function mailServerSettings({ prefix, purpose }: MailServerWords) {
  /** Not by its name: the settings of npm start hold it too, and could not name it. */
  const from: Setting<{ readonly name: string; readonly address: string } | undefined> = {
    variable: `${prefix}_FROM`,
    fallback: '',
    description: `Sender of ${purpose} by e-mail, such as Runnel <runnel@example.com>`,
    parse: (value) => (value === '' ? undefined : parseMailbox(value)),
  }
  return {
    host: text(`${prefix}_HOST`, '', `Mail server for ${purpose}; empty: no e-mail is sent`, {
      pattern: /^[^\s/@:]*$|^[0-9a-f:.]+$/i,
      expected: 'a host name or an IP address',
    }),
    port: port(`${prefix}_PORT`, 587, `TCP port of the mail server; 465 is usual for ${prefix}_TLS=tls`),
    tls: choice(
      `${prefix}_TLS`,
      'starttls',
      'starttls: encrypt after connecting, or send nothing; tls: encrypted from the start; none: not encrypted',
      ['starttls', 'tls', 'none'],
    ),
    user: text(`${prefix}_USER`, '', 'User name at the mail server; empty: no login'),
    password: text(`${prefix}_PASSWORD`, '', `Password of ${prefix}_USER`, { secret: true }),
    from,
    timeoutMs: integer(
      `${prefix}_TIMEOUT_MS`,
      30_000,
      'Milliseconds that sending one e-mail may take, connecting included',
      { min: 100, max: 600_000 },
    ),
  }
}

export type MailServerSettings = SettingsOf<ReturnType<typeof mailServerSettings>>

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/i

/** What is wrong with settings that are right one by one, in sentences. @param prefix of their names */
export function findMailServerProblems(
  { host, tls, user, password, from }: MailServerSettings,
  prefix: string,
): string[] {
  const problems: string[] = []
  if (host !== '' && !from)
    problems.push(`${prefix}_HOST is set, but ${prefix}_FROM is not: give the sender of the e-mails`)
  if ((user === '') !== (password === ''))
    problems.push(`${prefix}_USER and ${prefix}_PASSWORD belong together: set both, or neither`)
  if (tls === 'none' && user !== '' && !LOOPBACK.test(host))
    problems.push(
      `${prefix}_TLS=none would send ${prefix}_PASSWORD unencrypted over the network: use starttls or tls, or no login`,
    )
  return problems
}
