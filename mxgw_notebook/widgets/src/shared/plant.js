/** @import { PlantTraits, WidgetModel } from "./model.d.ts" */

/**
 * Says above a view which plant it shows, in that plant's colour, so that nobody takes one for another.
 *
 * @param {WidgetModel<PlantTraits>} model
 * @param {HTMLElement} root
 */
export function showPlant(model, root) {
  const plant = model.get("plant");
  if (!plant) return;
  root.dataset.plant = plant;
  root.style.setProperty("--mx-plant", model.get("plant_colour") || "var(--mx-line)");
}
