//! The walk over the syntax tree: which part of it is handled where.

use super::Lowering;
use super::resolution::Want;
use crate::model::Namespaces;
use proc_macro2::TokenStream;
use syn::visit::{self, Visit};
use syn::{
    Arm, Attribute, Block, CapturedParam, Expr, ExprClosure, ExprForLoop, ExprIf, ExprLet, ExprPath,
    ExprStruct, ExprWhile, FieldPat, FieldValue, File, ForeignItem, GenericArgument, ImplItemFn,
    ImplItemType, Item, ItemMacro, Local, Macro, PatGuard, PatIdent, PatStruct, PatTupleStruct, TraitBound,
    TraitItemFn, TraitItemType, Type, TypePath, Visibility,
};

impl<'ast> Visit<'ast> for Lowering<'_> {
    fn visit_file(&mut self, file: &'ast File) {
        self.attributes(&file.attrs);
        file.items.iter().for_each(|item| self.visit_item(item));
    }

    fn visit_item(&mut self, item: &'ast Item) {
        self.note_item(item);
        self.note_deed(item);
        let (bindings, references) = (self.facts.bindings.len(), self.facts.references.len());
        match item {
            Item::Fn(item) => {
                self.outer_attributes(&item.attrs);
                self.define(&item.sig.ident, &item.vis, Namespaces::VALUE);
                self.function(&item.attrs, &item.sig, Some(&item.block));
            }
            Item::Const(item) => {
                self.attributes(&item.attrs);
                self.define(&item.ident, &item.vis, Namespaces::VALUE);
                self.visit_type(&item.ty);
                self.visit_expr(&item.expr);
            }
            Item::Static(item) => {
                self.attributes(&item.attrs);
                self.define(&item.ident, &item.vis, Namespaces::VALUE);
                self.visit_type(&item.ty);
                self.visit_expr(&item.expr);
            }
            Item::Struct(item) => {
                self.attributes(&item.attrs);
                self.define(&item.ident, &item.vis, Self::struct_namespaces(&item.fields));
                self.with_generics(&item.generics, |inside| {
                    inside.visit_generics(&item.generics);
                    inside.visit_fields(&item.fields);
                });
            }
            Item::Enum(item) => {
                self.attributes(&item.attrs);
                self.define(&item.ident, &item.vis, Namespaces::TYPE);
                self.with_generics(&item.generics, |inside| {
                    inside.visit_generics(&item.generics);
                    item.variants.iter().for_each(|variant| inside.visit_variant(variant));
                });
            }
            Item::Union(item) => {
                self.attributes(&item.attrs);
                self.define(&item.ident, &item.vis, Namespaces::TYPE);
                self.with_generics(&item.generics, |inside| {
                    inside.visit_generics(&item.generics);
                    inside.visit_fields_named(&item.fields);
                });
            }
            Item::TraitAlias(item) => {
                self.attributes(&item.attrs);
                self.define(&item.ident, &item.vis, Namespaces::TYPE);
                self.with_generics(&item.generics, |inside| {
                    inside.visit_generics(&item.generics);
                    item.bounds.iter().for_each(|bound| inside.visit_type_param_bound(bound));
                });
            }
            Item::Trait(item) => self.trait_item(item),
            Item::Impl(item) => self.implementation(item),
            Item::Type(item) => self.type_alias(item),
            Item::Mod(item) => self.module_item(item),
            Item::Use(item) => self.use_item(item),
            Item::ExternCrate(item) => self.extern_crate(item),
            other => visit::visit_item(self, other),
        }
        self.outline_item(item, bindings, references);
    }

    fn visit_foreign_item(&mut self, item: &'ast ForeignItem) {
        match item {
            ForeignItem::Fn(item) => {
                self.attributes(&item.attrs);
                self.define(&item.sig.ident, &item.vis, Namespaces::VALUE);
                self.function(&[], &item.sig, None);
            }
            ForeignItem::Static(item) => {
                self.attributes(&item.attrs);
                self.define(&item.ident, &item.vis, Namespaces::VALUE);
                self.visit_type(&item.ty);
            }
            ForeignItem::Type(item) => {
                self.attributes(&item.attrs);
                self.define(&item.ident, &item.vis, Namespaces::TYPE);
            }
            other => visit::visit_foreign_item(self, other),
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.outer_attributes(&item.attrs);
        self.visibility(&item.vis);
        self.function(&item.attrs, &item.sig, Some(&item.block));
    }

    fn visit_trait_item_fn(&mut self, item: &'ast TraitItemFn) {
        self.outer_attributes(&item.attrs);
        self.function(&item.attrs, &item.sig, item.default.as_ref());
    }

    fn visit_impl_item_type(&mut self, item: &'ast ImplItemType) {
        self.with_generics(&item.generics, |inside| visit::visit_impl_item_type(inside, item));
    }

    fn visit_trait_item_type(&mut self, item: &'ast TraitItemType) {
        self.with_generics(&item.generics, |inside| visit::visit_trait_item_type(inside, item));
    }

    fn visit_item_macro(&mut self, item: &'ast ItemMacro) {
        self.macro_item(item);
    }

    fn visit_visibility(&mut self, visibility: &'ast Visibility) {
        self.visibility(visibility);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        self.attribute(attribute);
    }

    fn visit_macro(&mut self, called: &'ast Macro) {
        self.macro_call(called);
    }

    fn visit_token_stream(&mut self, tokens: &'ast TokenStream) {
        self.unread_tokens(tokens);
    }

    fn visit_block(&mut self, block: &'ast Block) {
        self.block(block, false);
    }

    fn visit_local(&mut self, local: &'ast Local) {
        self.local(local);
    }

    fn visit_expr_closure(&mut self, closure: &'ast ExprClosure) {
        self.closure(closure);
    }

    fn visit_expr_for_loop(&mut self, looped: &'ast ExprForLoop) {
        self.for_loop(looped);
    }

    fn visit_expr_if(&mut self, branch: &'ast ExprIf) {
        self.if_else(branch);
    }

    fn visit_expr_while(&mut self, looped: &'ast ExprWhile) {
        self.while_loop(looped);
    }

    fn visit_expr_let(&mut self, condition: &'ast ExprLet) {
        self.condition(condition);
    }

    fn visit_arm(&mut self, arm: &'ast Arm) {
        self.arm(arm);
    }

    fn visit_expr_struct(&mut self, literal: &'ast ExprStruct) {
        self.struct_literal(literal);
    }

    fn visit_field_value(&mut self, field: &'ast FieldValue) {
        self.field_value(field);
    }

    fn visit_expr_path(&mut self, path: &'ast ExprPath) {
        self.attributes(&path.attrs);
        self.qualified_path(path.qself.as_ref(), &path.path, Want::VALUE);
    }

    fn visit_type_path(&mut self, path: &'ast TypePath) {
        self.qualified_path(path.qself.as_ref(), &path.path, Want::TYPE);
    }

    fn visit_trait_bound(&mut self, bound: &'ast TraitBound) {
        if let Some(lifetimes) = &bound.lifetimes {
            self.visit_bound_lifetimes(lifetimes);
        }
        self.path(&bound.path, Want::TYPE);
    }

    fn visit_generic_argument(&mut self, argument: &'ast GenericArgument) {
        match argument {
            GenericArgument::Type(Type::Path(TypePath { qself: None, path, .. })) => {
                self.path(path, Want::ARGUMENT);
            }
            other => visit::visit_generic_argument(self, other),
        }
    }

    fn visit_captured_param(&mut self, _: &'ast CapturedParam) {}

    fn visit_pat_ident(&mut self, pattern: &'ast PatIdent) {
        self.pattern_name(pattern);
    }

    fn visit_field_pat(&mut self, field: &'ast FieldPat) {
        self.pattern_field(field);
    }

    fn visit_pat_guard(&mut self, guard: &'ast PatGuard) {
        self.pattern_guard(guard);
    }

    fn visit_pat_struct(&mut self, pattern: &'ast PatStruct) {
        self.attributes(&pattern.attrs);
        self.qualified_path(pattern.qself.as_ref(), &pattern.path, Want::TYPE);
        pattern.fields.iter().for_each(|field| self.visit_field_pat(field));
    }

    fn visit_pat_tuple_struct(&mut self, pattern: &'ast PatTupleStruct) {
        self.attributes(&pattern.attrs);
        self.qualified_path(pattern.qself.as_ref(), &pattern.path, Want::VALUE);
        pattern.elems.iter().for_each(|element| self.visit_pat(element));
    }

    fn visit_expr(&mut self, expression: &'ast Expr) {
        // A block or closure inside of a pattern has its own patterns.
        let outer = std::mem::replace(&mut self.refutable, false);
        visit::visit_expr(self, expression);
        self.refutable = outer;
    }
}
