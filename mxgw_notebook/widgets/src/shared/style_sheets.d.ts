// The bundler takes a style sheet's import for itself: nothing comes of it in code.
declare module "*.css";
