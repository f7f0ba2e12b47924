import type { Params } from '../../api/build-url.ts'
import { clientsExportUrl } from '../../api/clients.ts'
import { Menu } from '../../parts/menu.tsx'

/** Files of all clients that match. @param params called when the menu opens */
export function ExportClients({ params }: { params: () => Params }) {
  return (
    <Menu label="Export">
      {(close) => (
        <ul class="menu-list">
          {(['csv', 'ndjson'] as const).map((format) => (
            <li key={format}>
              <a
                class="button"
                href={clientsExportUrl(format, params())}
                download={`clients.${format}`}
                onClick={close}
              >
                {format.toUpperCase()}
              </a>
            </li>
          ))}
        </ul>
      )}
    </Menu>
  )
}
