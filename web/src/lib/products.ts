import type { components } from "../api/schema";
import { scaledOf } from "./booking";

export type Product = components["schemas"]["Product"];
type Body = components["schemas"]["AddProduct"];

/** A product as typed. */
export interface ProductTyped {
  sku: string;
  name: string;
  weight_kg: string;
  length_cm: string;
  width_cm: string;
  height_cm: string;
  rotations: Product["rotations"];
  on_top: Product["on_top"];
  temperature_class: Product["temperature_class"];
  hs_code: string;
  dangerous: boolean;
}

export const EMPTY: ProductTyped = {
  sku: "",
  name: "",
  weight_kg: "",
  length_cm: "",
  width_cm: "",
  height_cm: "",
  rotations: "any_way",
  on_top: "anything",
  temperature_class: "ambient",
  hs_code: "",
  dangerous: false,
};

export function typedOf(product: Product): ProductTyped {
  return {
    sku: product.sku,
    name: product.name,
    weight_kg: String(product.weight_g / 1000),
    length_cm: String(product.length_mm / 10),
    width_cm: String(product.width_mm / 10),
    height_cm: String(product.height_mm / 10),
    rotations: product.rotations,
    on_top: product.on_top,
    temperature_class: product.temperature_class,
    hs_code: product.hs_code ?? "",
    dangerous: product.dangerous,
  };
}

/** What the API is told; NaN, which it refuses at the field, where no number was typed. */
export function bodyOf(typed: ProductTyped, before: Product | null): Body {
  const number = (text: string, times: number) => scaledOf(text, times) ?? Number.NaN;
  return {
    sku: typed.sku.trim(),
    name: typed.name.trim(),
    weight_g: number(typed.weight_kg, 1000),
    length_mm: number(typed.length_cm, 10),
    width_mm: number(typed.width_cm, 10),
    height_mm: number(typed.height_cm, 10),
    rotations: typed.rotations,
    on_top: typed.on_top,
    bearing_max_g: before?.bearing_max_g ?? null,
    hs_code: typed.hs_code.trim() || null,
    temperature_class: typed.temperature_class,
    dangerous: typed.dangerous,
  };
}

/** What is wrong as far as the page can tell, by pointer: the codes are the API's. */
export function faultsOf(body: Body): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of ["sku", "name"] as const) if (body[name] === "") found.set(`/${name}`, "missing");
  for (const name of ["weight_g", "length_mm", "width_mm", "height_mm"] as const) {
    if (Number.isNaN(body[name])) found.set(`/${name}`, "wrong_type");
    else if (body[name] < 1) found.set(`/${name}`, "out_of_range");
  }
  return found;
}
