export { checkJson } from './check-json.ts'
export { omitMembers, setMember } from './json-object.ts'
export { decodeUtf8, parseJson, readJson, writeJson } from './parse-json.ts'
export { parseText } from './parse-text.ts'
