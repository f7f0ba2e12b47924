export { readCurlCommands, type CurlCommand } from './curl-commands.ts'
export { runCurl, type CurlResult } from './run-curl.ts'
