import { AppError, parseTimeZone } from '@runnel/contracts'
import { flag, integer, list, type Setting, type SettingsOf } from '@runnel/runtime'
import { parseEmailAddress } from '../notifications/email-address.ts'

const MAX_RECIPIENTS = 50

const timeZone: Setting<string> = {
  variable: 'REPORT_ZONE',
  fallback: 'UTC',
  description: 'Time zone of the daily report, such as Europe/Moscow',
  parse(value) {
    try {
      return parseTimeZone(value)
    } catch (error) {
      if (error instanceof AppError) throw new Error(error.details.expected, { cause: error })
      throw error
    }
  },
}

/** The daily report reads these from the environment. */
export const reportSettings = {
  to: list(
    'REPORT_TO',
    'E-mail addresses that get the daily report; with commas between them, empty: no report is sent',
    parseEmailAddress,
    MAX_RECIPIENTS,
  ),
  hour: integer('REPORT_HOUR', 8, 'Hour of the day at which the report of the day before is sent', {
    max: 23,
  }),
  timeZone,
  emptyDays: flag('REPORT_EMPTY_DAYS', true, 'Whether a day on which no mailing was handled is reported too'),
}

export type ReportOptions = SettingsOf<typeof reportSettings>
