export { CommandError } from '../command-error.ts'
export { formatCount, formatSeconds } from './format.ts'
export { httpUrl, secondsOption, wholeNumber } from './option-parsers.ts'
export { createProgress } from './progress.ts'
