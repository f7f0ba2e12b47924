import { describe, expect, it } from '@jest/globals'
import type { ConfigError } from '@runnel/runtime'
import { loadConfig } from '../config.ts'
import { requireCompleteNotifications } from './settings.ts'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    requireCompleteNotifications(loadConfig(env).notifications)
    return []
  } catch (error) {
    return (error as ConfigError).problems
  }
}

describe('settings of reports and alerts', () => {
  it('are complete where nothing is set, and where all of it is', () => {
    expect(problemsOf({})).toEqual([])
    expect(
      problemsOf({
        ...{ SMTP_HOST: 'mail.example.com', SMTP_FROM: 'Runnel <runnel@example.com>', SMTP_USER: 'u' },
        ...{
          SMTP_PASSWORD: 'p',
          REPORT_TO: 'ann@example.com, bob@example.com',
          REPORT_ZONE: 'Europe/Moscow',
        },
        ...{ ALERT_WEBHOOK_URLS: 'https://hooks.example.com/a?b=c', ALERT_WEBHOOK_SECRET: SECRET },
      }),
    ).toEqual([])
  })

  it('that would have no effect alone are refused, with what is missing', () => {
    const problems = problemsOf({
      ...{ REPORT_TO: 'ann@example.com', ALERT_EMAILS: 'ann@example.com', SMTP_USER: 'runnel' },
      ALERT_WEBHOOK_URLS: 'https://hooks.example.com/secret-path',
    })
    for (const name of ['REPORT_TO', 'ALERT_EMAILS', 'SMTP_PASSWORD', 'ALERT_WEBHOOK_SECRET'])
      expect(problems).toContainEqual(expect.stringContaining(name))
    expect(problemsOf({ SMTP_HOST: 'mail.example.com' })).toEqual([expect.stringContaining('SMTP_FROM')])
  })

  it('never send a password unencrypted over a network', () => {
    const login = { SMTP_USER: 'u', SMTP_PASSWORD: 'p', SMTP_FROM: 'r@example.com', SMTP_TLS: 'none' }
    expect(problemsOf({ ...login, SMTP_HOST: 'mail.example.com' })).toEqual([
      expect.stringContaining('unencrypted'),
    ])
    expect(problemsOf({ ...login, SMTP_HOST: '127.0.0.1' })).toEqual([])
  })

  it.each([
    ['REPORT_TO', 'ann'],
    ['REPORT_TO', 'ann@example.com\r\nBcc: eve@example.com'],
    ['SMTP_FROM', 'Runnel <nobody>'],
    ['REPORT_HOUR', '24'],
    ['REPORT_ZONE', '+03:00'],
    ['ALERT_WEBHOOK_URLS', 'ftp://hooks.example.com'],
    ['ALERT_WEBHOOK_URLS', 'https://user:pass@hooks.example.com'],
    ['ALERT_WEBHOOK_SECRET', 'whsec_c2hvcnQ='],
    ['SMTP_HOST', 'smtp://mail.example.com'],
  ])('%s=%j is refused by name', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name}=.*expected`))])
  })

  it('show no secret where it is wrong', () => {
    const secrets = { ALERT_WEBHOOK_SECRET: 'hush', ALERT_WEBHOOK_URLS: 'hooks.example.com/hush' }
    expect(problemsOf(secrets).join()).not.toContain('hush')
  })
})
