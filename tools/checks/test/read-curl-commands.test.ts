import { expect, it } from '@jest/globals'
import { readCurlCommands } from '../src/read-curl-commands.ts'

const PAGE = `
\`\`\`sh
npm start
# curl in a comment
curl localhost:1/a
curl -i localhost:2/b \\
  -d '{"x":1}'
\`\`\`
curl outside
\`\`\`json
curl
\`\`\`
\`\`\`sh
printf x |
  curl localhost:3 --data-binary @-
curl -X POST localhost:4
curl -N localhost:5
\`\`\`
`

it('finds the curl commands of sh blocks, whole and as they are written', () => {
  expect(readCurlCommands(PAGE)).toEqual([
    { line: 5, text: 'curl localhost:1/a', isRead: true, isStream: false },
    { line: 6, text: `curl -i localhost:2/b \\\n  -d '{"x":1}'`, isRead: false, isStream: false },
    { line: 14, text: 'printf x |\n  curl localhost:3 --data-binary @-', isRead: false, isStream: false },
    { line: 16, text: 'curl -X POST localhost:4', isRead: false, isStream: false },
    { line: 17, text: 'curl -N localhost:5', isRead: true, isStream: true },
  ])
})
