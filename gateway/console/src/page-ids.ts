/** Every page, in the order of the navigation and of the keys 1 to 9; what draws them stands in `pages.tsx`. */
export const PAGES = ["overview", "wall", "story", "bad-rows", "held", "policy"] as const;
export type PageId = (typeof PAGES)[number];
