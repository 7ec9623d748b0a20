/** Texts of the desk. */
export const deskZh = {
  'desk.name': '政务服务工作台',
} as const
