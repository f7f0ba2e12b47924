export { type Report } from './report.ts'

export { ROWS, type RowName } from './rows.ts'
