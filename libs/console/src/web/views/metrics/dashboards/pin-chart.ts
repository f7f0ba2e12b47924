import { ApiError } from '../../../api/api-error.ts'
import { editDashboard, getDashboard, type Dashboard, type DashboardChart } from '../../../api/dashboards.ts'

/** Times that a dashboard is read anew because others changed it in between. */
const MAX_TRIES = 5

/** Puts a chart at the end of a dashboard, behind what others pin meanwhile. @throws ApiError */
export async function pinChart(id: number, chart: DashboardChart): Promise<Dashboard> {
  for (let tries = 1; ; tries++) {
    const { version, charts } = (await getDashboard(id)).data
    try {
      return await editDashboard(id, { version, charts: [...charts, chart] })
    } catch (error) {
      if (!isOutdated(error) || tries === MAX_TRIES) throw error
    }
  }
}

/** Whether an edit was refused because another came in between. */
export function isOutdated(error: unknown): boolean {
  return error instanceof ApiError && error.trouble.code === 'conflict' && error.trouble.field === '/version'
}
