import type { EmailContent } from '../smtp/compose-email.ts'
import { emailPage, escapeHtml, link, row } from '../notifications/email-html.ts'
import type { AlertMessage } from './alert-message.ts'

const SUBJECTS: Readonly<Record<AlertMessage['type'], string>> = {
  'alert.raised': 'Runnel',
  'alert.reminder': 'Runnel, still',
  'alert.resolved': 'Runnel, resolved',
}

/** An alert as an e-mail. */
export function renderAlert({ type, data }: AlertMessage): EmailContent {
  const { title, text, startedAt, resolvedAt, url } = data
  const times = `Since ${toText(startedAt)}${resolvedAt === null ? '' : `, until ${toText(resolvedAt)}`}.`
  return {
    subject: `${SUBJECTS[type]}: ${title}`,
    text: [title, '', text, '', times, url, ''].join('\n'),
    html: emailPage({
      title: escapeHtml(title),
      rows: [
        row('title', escapeHtml(title)),
        row('text', escapeHtml(text)),
        row('quiet', `<br>${escapeHtml(times)} ${link(url, 'Open the console')}`),
      ].join('\n'),
    }),
  }
}

function toText(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`
}
