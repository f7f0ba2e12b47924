export { findBoundaryViolations } from './find-boundary-violations.ts'
export { readCurlCommands, type CurlCommand } from './read-curl-commands.ts'
export { runCurl, type CurlResult } from './run-curl.ts'
